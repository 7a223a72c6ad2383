package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.SessionPair;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.replication.postgres.BlockedWorkers;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds causes over a session on each server, looking at the most reliable evidence first. For one thread. */
public final class PostgresFailureReasons implements FailureReasons {
    private static final String APPLICATION = "registry-admin/reasons";

    private final SessionPair sessions;
    private final Session source;
    private final Session target;

    private PostgresFailureReasons(SessionPair sessions) {
        this.sessions = sessions;
        this.source = sessions.source();
        this.target = sessions.target();
    }

    /** Logs in on both servers. */
    public static PostgresFailureReasons open(Login source, Login target, Duration bound) throws ServerException {
        return new PostgresFailureReasons(SessionPair.open(source, target, APPLICATION, bound));
    }

    /** One kind of evidence. */
    @FunctionalInterface
    private interface Clue {
        Optional<FailureReason> look(Deadline bound) throws SQLException, ServerException, InterruptedException;
    }

    @Override
    public FailureReason of(WorkerFailure trouble, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        StateClues state = new StateClues(source, target, trouble);
        LogClues log = new LogClues(source, target, trouble);
        List<Clue> clues = List.of(
                this::blocked,
                state::ofFeed,
                log::look,
                within -> new ConnectTrial(target).look(trouble.subscription(), within),
                state::ofShape,
                within -> trouble.table().isPresent()
                        ? new CopyTrial(source, target, trouble, trouble.table().get()).look(within)
                        : Optional.empty(),
                state::ofRoom);
        for (Clue each : clues) {
            Optional<FailureReason> found = look(each, end);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return target.call(
                "look for where the cause is to be found", Remedies.NONE, end.left(), within -> new ManualDiagnosis(
                                source, target, trouble)
                        .look(log.readable(), within));
    }

    /** A clue that this role isn't allowed to see says nothing, but others may. */
    private Optional<FailureReason> look(Clue clue, Deadline end) throws ServerException {
        if (end.passed()) {
            return Optional.empty();
        }
        return source.call(
                "look for the cause",
                Remedies.NONE,
                end.left(),
                outer -> target.call("look for the cause", Remedies.NONE, outer.left(), within -> {
                    try {
                        return clue.look(within);
                    } catch (SQLException e) {
                        if (PostgresErrors.isLoss(e)) {
                            throw e;
                        }
                        return Optional.empty();
                    }
                }));
    }

    private Optional<FailureReason> blocked(Deadline bound) throws SQLException {
        return BlockedWorkers.workers(target, bound).all().stream()
                .findFirst()
                .map(each -> FailureReason.known(each.text(), each.remedy()));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
