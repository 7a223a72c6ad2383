package dev.connectionregistry.admin.replication.postgres.reason;

/**
 * An entry of a server's log, in any format. The detail is left out, since it repeats row data. Immutable; what the
 * format doesn't say is empty.
 *
 * @param time as the server wrote it
 * @param pid the process
 * @param application the session's {@code application_name}
 * @param severity the severity, such as {@code ERROR}
 * @param state the SQLSTATE
 * @param message the message
 * @param context where it happened
 * @param statement the statement that the client had sent
 */
record LogEntry(
        String time,
        String pid,
        String application,
        String severity,
        String state,
        String message,
        String context,
        String statement) {
    /** Whether it ended the process's work. */
    boolean isFailure() {
        return severity.equals("ERROR") || severity.equals("FATAL") || severity.equals("PANIC");
    }

    /** The same entry with what a following line adds. */
    LogEntry with(String moreContext, String moreStatement) {
        return new LogEntry(
                time,
                pid,
                application,
                severity,
                state,
                message,
                context.isEmpty() ? moreContext : context + "\n" + moreContext,
                statement.isEmpty() ? moreStatement : statement);
    }
}
