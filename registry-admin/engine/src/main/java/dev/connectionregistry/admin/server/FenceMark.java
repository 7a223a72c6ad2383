package dev.connectionregistry.admin.server;

/** How a fence shows that it is up to code that looks at a server for other reasons. */
public final class FenceMark {
    /**
     * The beginning of the fence's record, in the comment of the database. The record is removed with the last part of
     * the fence; see ADR 0019.
     */
    public static final String RECORD = "[connection-registry fence] ";

    private FenceMark() {}
}
