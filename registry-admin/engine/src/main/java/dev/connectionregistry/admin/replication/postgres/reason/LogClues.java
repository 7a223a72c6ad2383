package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the logs of both servers say about a worker's failure, if they can be read from here. */
final class LogClues {
    /** The beginning of the name of a copy's walsender; before 14 that name begins with the slot's. */
    private static final String SENDER = """
            SELECT 'pg_' || w.subid || '_sync_' || to_regclass(?)::oid::text || '_'
            FROM pg_catalog.pg_stat_subscription w WHERE w.subname = ? LIMIT 1""";

    private final Session source;
    private final Session target;
    private final WorkerFailure trouble;
    private boolean readable;

    LogClues(Session source, Session target, WorkerFailure trouble) {
        this.source = source;
        this.target = target;
        this.trouble = trouble;
    }

    /** Whether the target's log could be read. */
    boolean readable() {
        return readable;
    }

    Optional<FailureReason> look(Deadline bound) throws SQLException {
        Optional<LogSearch> log = recent(target, bound);
        readable = log.isPresent();
        Optional<LogEntry> worker = log.flatMap(each -> each.ofWorker(trouble));
        boolean onSource = worker.isEmpty() || isBroken(worker.get()); // without the target's log, the source's may do
        Optional<LogEntry> sender = onSource ? ofSender(bound) : Optional.empty();
        return sender.map(each -> reason(source, "source", each))
                .or(() -> worker.map(each -> reason(target, "target", each)));
    }

    private static Optional<LogSearch> recent(Session session, Deadline bound) throws SQLException {
        try {
            return new LogReader(session).recent(bound);
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** The target only says that the source ended the connection. */
    private static boolean isBroken(LogEntry entry) {
        return entry.message().contains("could not receive data from WAL stream");
    }

    private Optional<LogEntry> ofSender(Deadline bound) throws SQLException {
        Optional<LogSearch> log = recent(source, bound);
        if (log.isEmpty()) {
            return Optional.empty();
        }
        List<String> application = trouble.table().isPresent()
                ? target.query(
                        bound,
                        SENDER,
                        row -> String.valueOf(row.getString(1)),
                        trouble.table().map(TableName::sql).orElse(""),
                        trouble.subscription())
                : List.of(trouble.subscription());
        return application.stream().findFirst().flatMap(name -> log.get().ofSender(name, trouble.table()));
    }

    private FailureReason reason(Session session, String side, LogEntry entry) {
        return FailureReason.known(
                "the log of the " + side + ", " + session.login().endpoint() + ", says at " + entry.time()
                        + " (process " + entry.pid() + "): " + ErrorAdvice.said(entry.message(), entry.state())
                        + ErrorAdvice.within(entry.context()),
                new ErrorAdvice(trouble).onTarget(entry.message(), entry.state(), entry.context()));
    }
}
