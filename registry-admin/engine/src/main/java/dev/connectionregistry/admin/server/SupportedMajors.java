package dev.connectionregistry.admin.server;

/** Which major versions of Postgres this program works with. */
public final class SupportedMajors {
    /** Older ones have no logical replication. */
    public static final int OLDEST = 10;
    /** Older ones are there to go back to, not to go to. */
    public static final int OLDEST_TARGET = 13;
    /** Newer ones are asked for what they have, and most likely work. */
    public static final int NEWEST_TRIED = 18;

    private SupportedMajors() {}
}
