package dev.connectionregistry.admin.server;

/** How a fence shows that it is up, to those who look at a server for other reasons. */
public final class FenceMark {
    /** How the fence's record begins, in the comment of the database; it is removed with the last part of the fence; see ADR 0019. */
    public static final String RECORD = "[connection-registry fence] ";

    private FenceMark() {}
}
