package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Looks at a fence from outside: takes no lock, changes nothing. */
final class FenceInspection {
    private FenceInspection() {}

    static ObservedFence see(Login admin, String applicationName, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        try (Session session = Session.open(admin, applicationName, bound)) {
            return session.call(
                    "see whether the fence is up", Remedies.NONE, end.left(), within -> see(session, within));
        }
    }

    /** A record that a fence left in the comment when it was taken down by hand is no fence. */
    private static ObservedFence see(Session session, Deadline bound) throws SQLException, ServerException {
        FenceEffects now = new FenceFactsReader(session).inForce(bound);
        return new FenceRecords(session)
                .read(bound)
                .filter(record -> !now.ofPlan(record.plan()).isEmpty())
                .map(record -> new ObservedFence(true, Optional.of(record.runId()), Optional.of(record.plan())))
                .orElseGet(() -> ObservedFence.unrecorded(now.isReadOnly()));
    }
}
