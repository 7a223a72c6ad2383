package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * How many connections a server allows, and who uses them now. Sessions whose details our role may not see count as
 * others.
 *
 * @param most {@code max_connections}
 * @param reserved how many of them are kept for superusers and other roles
 * @param fleet how many the fleet uses
 * @param others how many are used by neither the fleet nor this program
 * @param ofDatabase the limit of the Postgres database
 * @param ofRole the limit of the services' role
 */
record ConnectionRoom(int most, int reserved, int fleet, int others, Limit ofDatabase, Limit ofRole) {
    /**
     * How many sessions a cutover has open at a time on each server. On the target three sessions for the work behind
     * the barrier, one for the barrier and one for signals; on the source its own, one for looks, and logins that prove
     * something.
     */
    static final int OURS = 5;
    /** How many of these belong to the services' role, on the source: the login that proves the fence. */
    private static final int PROOF = 1;
    /** What an instance opens on the target during a cutover, beside its pool. */
    static final int SIGNALS_EACH = 1;

    private static final int ROUND_TO = 10;

    /** Before Postgres 12, walsenders take connections too. */
    private static final String ROOM = """
            WITH taken AS (
                SELECT a.datname, a.usename,
                       CASE WHEN a.application_name = ANY (?::text[])
                                 OR a.application_name SIMILAR TO 'registry-(hears|held)/%' THEN 'fleet'
                            WHEN a.application_name LIKE 'registry-admin/%' THEN 'ours'
                            ELSE 'others' END AS whose
                FROM pg_catalog.pg_stat_activity a
                WHERE (a.datid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend')
                   OR (a.backend_type = 'walsender' AND current_setting('server_version_num')::int < 120000))
            SELECT current_setting('max_connections')::int,
                   current_setting('superuser_reserved_connections')::int
                       + coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int,
                   (SELECT count(*)::int FROM taken WHERE whose = 'fleet'),
                   (SELECT count(*)::int FROM taken WHERE whose = 'others'),
                   (SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = current_database()),
                   (SELECT count(*)::int FROM taken WHERE whose = 'others' AND datname = current_database()),
                   coalesce((SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = ?), -1),
                   (SELECT count(*)::int FROM taken WHERE whose = 'others' AND usename = ?)
            """;

    /**
     * A limit of a database or a role.
     *
     * @param most how many connections it may have; negative if there is no limit
     * @param others how many of them are used by neither the fleet nor this program
     */
    record Limit(int most, int others) {
        boolean isBelow(int wanted) {
            return most >= 0 && most - others < wanted;
        }
    }

    static ConnectionRoom read(Server server, Subject subject) throws ServerException {
        String services = server.access().services();
        return server.one(
                ROOM,
                row -> new ConnectionRoom(
                        row.getInt(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        new Limit(row.getInt(5), row.getInt(6)),
                        new Limit(row.getInt(7), row.getInt(8))),
                subject.fleetSessions(),
                services,
                services);
    }

    /** How many are left for the fleet and this program. */
    private int room() {
        return most - reserved - others;
    }

    /** A pool that finds no connection on the target stops the cutover. */
    Finding onTarget(Subject subject) {
        int signals = subject.fleetSessions().size() * SIGNALS_EACH;
        int wanted = subject.fleetConnections() + signals;
        int together =
                subject.otherFleets().connections() + subject.otherFleets().instances() * SIGNALS_EACH;
        String need = "the pools of the live instances may open "
                + NameLists.count(subject.fleetConnections(), "connection") + ", their signals " + signals
                + (together == 0 ? "" : ", those of the names that move with it " + together) + ", this program "
                + OURS;
        return wanted + together + OURS > room()
                ? Finding.fail(need + "; " + room(subject.target()), more(subject.target(), wanted + together))
                : limits(subject.target(), need, wanted, wanted, Outcome.FAIL);
    }

    /**
     * The pools exist already, and keep working without the connections that they may still open; but without a login a
     * cutover can't begin, and without another one its fence can't be proven.
     */
    Finding onSource(Subject subject) {
        int wanted = subject.fleetConnections();
        String need = "the pools of the live instances may open " + NameLists.count(wanted, "connection") + " and have "
                + fleet + ", this program opens " + OURS;
        if (fleet + OURS > room()) {
            return Finding.fail(need + "; " + room(subject.source()), more(subject.source(), Math.max(fleet, wanted)));
        }
        Finding now = limits(subject.source(), need, fleet + OURS, fleet + PROOF, Outcome.FAIL);
        if (now.outcome() == Outcome.FAIL) {
            return now;
        }
        return wanted + OURS > room()
                ? Finding.warn(need + "; " + room(subject.source()), more(subject.source(), wanted))
                : limits(subject.source(), need, wanted, wanted, Outcome.WARN);
    }

    private String room(Access access) {
        return "the " + access.side().word() + " has room for " + Math.max(0, room()) + ": max_connections = " + most
                + ", less " + reserved + " reserved and " + others + " in use by others";
    }

    private List<Remedy> more(Access access, int wanted) {
        int enough = reserved + others + wanted + OURS;
        int rounded = (enough + ROUND_TO - 1) / ROUND_TO * ROUND_TO;
        return List.of(
                access.remedy("ALTER SYSTEM SET max_connections = " + rounded + ";"),
                Remedy.advice("restart the " + access.side().word()
                        + " after that; with a managed service, set max_connections in its parameters instead"),
                Remedy.advice("or make the pools smaller with set-pool, or end sessions of others"));
    }

    /** The finding with {@code outcome} about the limits that leave too little room. */
    private Finding limits(Access access, String need, int inDatabase, int ofServices, Outcome outcome) {
        List<String> limits = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (ofDatabase.isBelow(inDatabase)) {
            limits.add("its database allows " + ofDatabase.most() + ", and others have " + ofDatabase.others());
            remedies.add(access.remedy("ALTER DATABASE " + access.database() + " CONNECTION LIMIT -1;"));
        }
        if (ofRole.isBelow(ofServices)) {
            limits.add("role " + Sql.identifier(access.services()) + " may have " + ofRole.most() + ", and others have "
                    + ofRole.others() + " of it");
            remedies.add(access.remedy("ALTER ROLE " + Sql.identifier(access.services()) + " CONNECTION LIMIT -1;"));
        }
        return limits.isEmpty()
                ? Finding.pass(need + "; " + room(access))
                : new Finding(
                        outcome,
                        need + "; on the " + access.side().word() + ", " + String.join("; ", limits),
                        remedies);
    }
}
