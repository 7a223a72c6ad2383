package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;

/** Says why a copy that was given up fails. For one thread. */
final class CopyFailureCause {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final ReplicationContext context;
    private final FailureReasons.Opener opener;
    private final ServerPair pair;

    CopyFailureCause(ReplicationContext context, FailureReasons.Opener opener, ServerPair pair) {
        this.context = context;
        this.opener = opener;
        this.pair = pair;
    }

    /** The failure to report: what was seen, the cause, and what to do; the server keeps trying meanwhile. */
    OperationException failed(String seen, WorkerFailure trouble) throws ServerException {
        FailureReason reason = context.target().ask("look for the cause", target -> find(trouble));
        return new OperationException(
                OperationException.Reason.FAILED,
                seen + "; " + reason.what(),
                reason.remedy() + ". Then run the command again; it continues where it stopped");
    }

    private FailureReason find(WorkerFailure trouble) {
        try (FailureReasons reasons = opener.open(pair, BOUND)) {
            return reasons.of(trouble, BOUND);
        } catch (ServerException e) {
            return new FailureReason(false, "the cause can't be found out: " + e.getMessage(), "fix that first");
        }
    }
}
