package dev.connectionregistry.admin.preflight;

import java.util.Locale;

/** What checks are about, in the order in which they are shown. */
public enum Group {
    /** Whether these are the right two servers. */
    SERVERS,
    /** Who may do what. */
    RIGHTS,
    /** What servers and databases are set to. */
    SETTINGS,
    /** What the schema has that gets in the way. */
    SCHEMA,
    /** What the data has that gets in the way. */
    DATA,
    /** Whether logical replication can work, and does. */
    REPLICATION,
    /** Who is at work on the source. */
    ACTIVITY,
    /** The instances that are to move. */
    FLEET;

    /** For people and programs: {@code servers}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
