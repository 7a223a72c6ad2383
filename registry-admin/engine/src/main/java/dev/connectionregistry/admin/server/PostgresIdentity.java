package dev.connectionregistry.admin.server;

import java.util.Optional;

/**
 * Which server this is, whatever name led to it.
 *
 * @param systemIdentifier the cluster's own number, the same on a physical copy
 * @param database the database's name
 * @param major the major version, such as 17
 * @param version the version as the server reports it, such as {@code 17.11}
 * @param run which of the cluster's servers it is, and since when it has been running; empty if that isn't known
 */
public record PostgresIdentity(
        String systemIdentifier, String database, int major, String version, Optional<ServerRun> run) {
    /**
     * What distinguishes a promoted standby from the primary that it has replaced, and a server from itself before a
     * restart.
     *
     * @param timeline the timeline that it writes; a promotion begins another one. 0 if the server doesn't say
     * @param startedAt when its postmaster started, by its own clock, to the microsecond
     */
    public record ServerRun(int timeline, String startedAt) {
        @Override
        public String toString() {
            return "timeline " + timeline + ", started at " + startedAt;
        }
    }

    /** The identity of a server of which no more is known. */
    public PostgresIdentity(String systemIdentifier, String database, int major, String version) {
        this(systemIdentifier, database, major, version, Optional.empty());
    }

    /**
     * Whether the server doesn't show the cluster's number, so that nothing shows whether another server belongs to the
     * same cluster.
     */
    public boolean hidesCluster() {
        return systemIdentifier.startsWith("started ");
    }

    /**
     * Which database of which cluster this is, for names that outlive a restart; the address if the server hides its
     * number.
     */
    public String lasting() {
        return systemIdentifier.replaceFirst("^started .* at ", "at ") + "/" + database;
    }

    /** Whether {@code now} is this server, not restarted and not replaced by its standby, as far as this was known. */
    public boolean isStill(PostgresIdentity now) {
        Optional<ServerRun> comparable = run.isEmpty() ? run : now.run;
        return new PostgresIdentity(now.systemIdentifier, now.database, now.major, now.version, comparable)
                .equals(this);
    }

    /** {@code Postgres 17.11 7300000000000000001/orders, timeline 1, started at 2026-11-01T12:00:00.123456Z}. */
    @Override
    public String toString() {
        return "Postgres " + version + " " + systemIdentifier + "/" + database
                + run.map(each -> ", " + each).orElse("");
    }
}
