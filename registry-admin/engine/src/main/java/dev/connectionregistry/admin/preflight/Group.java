package dev.connectionregistry.admin.preflight;

import java.util.Locale;

/** What checks are about, in the order in which they are shown. */
public enum Group {
    /** Whether these are the right two servers. */
    SERVERS,
    /** Who may do what. */
    RIGHTS,
    /** The settings of servers and databases. */
    SETTINGS,
    /** What in the schema gets in the way. */
    SCHEMA,
    /** What in the data gets in the way. */
    DATA,
    /** Whether logical replication can work, and does. */
    REPLICATION,
    /** What is active on the source. */
    ACTIVITY,
    /** The instances that will move. */
    FLEET;

    /** For people and programs: {@code servers}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
