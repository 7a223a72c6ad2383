package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.server.ServerException;
import java.util.Optional;

/** What checks of the servers need before they can be made, or mean anything. */
final class Needs {
    private static final String HAS_ROLE = "SELECT pg_catalog.pg_has_role(?, 'USAGE')";

    private Needs() {}

    /** The operator's role sees the sessions of others on the source. */
    static Optional<Finding> sessionsOfOthers(Servers servers) throws ServerException {
        return role(servers.source(), "pg_read_all_stats");
    }

    /** The operator's roles see all settings. */
    static Optional<Finding> allSettings(Servers servers) throws ServerException {
        Optional<Finding> onSource = role(servers.source(), "pg_read_all_settings");
        return onSource.isPresent() ? onSource : role(servers.target(), "pg_read_all_settings");
    }

    private static Optional<Finding> role(Server server, String wanted) throws ServerException {
        Access access = server.access();
        return server.is(HAS_ROLE, wanted)
                ? Optional.empty()
                : Optional.of(Finding.unknown(
                        "role " + access.role() + " lacks " + wanted + " on the " + access,
                        access.give("GRANT " + wanted + " TO " + access.role() + ";")));
    }

    /** A subscription of the target reads from the source. */
    static Optional<Finding> replication(Servers servers) throws ServerException {
        return servers.feeds().working().isEmpty() ? notYet() : Optional.empty();
    }

    /** A subscription of the target is proven to follow the source. */
    static Optional<Finding> provenReplication(Servers servers) throws ServerException {
        return servers.feeds().proven().isEmpty() ? notYet() : Optional.empty();
    }

    private static Optional<Finding> notYet() {
        return Optional.of(Finding.notYet("no subscription of the target reads from the source"));
    }

    /** Replication isn't set up yet; once it is, what setting it up needs no longer matters. */
    static Optional<Finding> replicationToBeSetUp(Servers servers) throws ServerException {
        return servers.feeds().working().isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.pass("replication is set up already"));
    }
}
