package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.postgres.session.Bound;
import dev.connectionregistry.admin.postgres.session.Login;
import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Looks at a fence from outside: takes no lock, changes nothing. */
final class FenceLook {
    private FenceLook() {}

    static boolean isUp(Login admin, String applicationName, Duration bound) throws ServerException {
        Bound end = Bound.of(bound);
        try (Session session = Session.open(admin, applicationName, bound)) {
            FenceFactsReader facts = new FenceFactsReader(session);
            return session.call(
                    "see whether the fence is up",
                    Remedies.NONE,
                    end.left(),
                    within -> Fence.isDatabaseOn(facts.defaults(within)));
        }
    }
}
