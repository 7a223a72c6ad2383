package dev.connectionregistry.admin.replication;

/**
 * Why something fails. Immutable.
 *
 * @param known whether the servers said or showed it; else it is where to look, and what may be behind it
 * @param what the cause and how it was found out, as one sentence; never a row's data
 * @param remedy what to do about it
 */
public record FailureReason(boolean known, String what, String remedy) {
    /** A cause that was seen. */
    public static FailureReason known(String what, String remedy) {
        return new FailureReason(true, what, remedy);
    }
}
