package dev.connectionregistry.admin.server;

import java.util.Optional;

/** Which servers this program works with, and between which it moves. Pure. */
public final class SupportedMajors {
    /** Older ones have no logical replication. */
    public static final int OLDEST = 10;
    /** Older ones can only be gone back to, not moved to. */
    public static final int OLDEST_TARGET = 13;
    /** Newer ones most likely work, since servers are asked what they support. */
    public static final int NEWEST_TRIED = 18;
    /**
     * From this version on, roles that aren't superusers may subscribe, and subscriptions write as the tables' owners.
     */
    public static final int SUBSCRIBING_ROLE = 16;

    private SupportedMajors() {}

    /** Says that both addresses lead to one database. */
    public static String sameDatabase(PostgresIdentity server) {
        return "source and target are the same database '" + server.database() + "' of the same server (system"
                + " identifier " + server.systemIdentifier() + ")";
    }

    /** Why nothing can be moved from or to this server; empty if it is new enough. */
    public static Optional<String> tooOld(PostgresIdentity server) {
        return server.major() < OLDEST
                ? Optional.of("at least " + OLDEST + " is needed on both sides")
                : Optional.empty();
    }

    /** Why a target can only be used for going back, to follow its name; empty if that isn't so. */
    public static Optional<String> onlyToGoBackTo(PostgresIdentity target) {
        return target.major() < OLDEST_TARGET
                ? Optional.of("has long been out of support: fit for the way back, but not to stay on")
                : Optional.empty();
    }

    /** Why this program may not know everything about these two; empty if it was tried with both. */
    public static Optional<String> untried(PostgresIdentity source, PostgresIdentity target) {
        return Math.max(source.major(), target.major()) > NEWEST_TRIED
                ? Optional.of("this program was tried with Postgres " + OLDEST + " to " + NEWEST_TRIED)
                : Optional.empty();
    }
}
