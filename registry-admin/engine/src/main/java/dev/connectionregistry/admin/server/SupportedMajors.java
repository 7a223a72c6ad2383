package dev.connectionregistry.admin.server;

import java.util.Optional;

/** Which servers this program works with, and between which it moves. Pure. */
public final class SupportedMajors {
    /** Older ones have no logical replication. */
    public static final int OLDEST = 10;
    /** Older ones are there to go back to, not to go to. */
    public static final int OLDEST_TARGET = 13;
    /** Newer ones are asked for what they have, and most likely work. */
    public static final int NEWEST_TRIED = 18;
    /** From here on roles that aren't superusers may subscribe, and subscriptions write as the tables' owners. */
    public static final int SUBSCRIBING_ROLE = 16;

    private SupportedMajors() {}

    /** Says that both names lead to one database. */
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

    /** Why a target is good for the way back only, going on after its name; empty if it isn't so. */
    public static Optional<String> onlyToGoBackTo(PostgresIdentity target) {
        return target.major() < OLDEST_TARGET
                ? Optional.of("has long been out of support, good for the way back, not to stay on")
                : Optional.empty();
    }

    /** Why this program may not know all about these two; empty if it was tried with both. */
    public static Optional<String> untried(PostgresIdentity source, PostgresIdentity target) {
        return Math.max(source.major(), target.major()) > NEWEST_TRIED
                ? Optional.of("this program was tried with Postgres " + OLDEST + " to " + NEWEST_TRIED)
                : Optional.empty();
    }
}
