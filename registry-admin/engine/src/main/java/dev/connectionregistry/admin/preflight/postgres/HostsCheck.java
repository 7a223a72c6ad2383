package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks whether the hosts of an endpoint are one cluster: a primary and its standbys. */
final class HostsCheck {
    private HostsCheck() {}

    /**
     * The hosts of one endpoint.
     *
     * @param access the endpoint
     * @param primary the host that is used now, and which server it is
     * @param others the others
     */
    record Hosts(Access access, Endpoint primary, PostgresIdentity identity, List<OtherHost> others) {
        static Hosts read(Server server) throws ServerException {
            Endpoint used = server.session().login().endpoint();
            PostgresIdentity identity = server.identity();
            List<Endpoint> rest = server.access().endpoint().each().stream()
                    .filter(each -> !each.equals(used))
                    .toList();
            List<OtherHost> others = new ArrayList<>();
            for (Endpoint host : rest) {
                others.add(OtherHost.read(server, host, server.left().dividedBy(rest.size() - others.size() + 1)));
            }
            return new Hosts(server.access(), used, identity, others);
        }
    }

    /**
     * A host that is not used now.
     *
     * @param identity which server it is; empty if it can't be asked
     * @param standby whether it is in recovery
     * @param problem why it can't be asked
     */
    record OtherHost(Endpoint host, Optional<PostgresIdentity> identity, boolean standby, String problem) {
        static OtherHost read(Server server, Endpoint host, Duration bound) {
            try (Session session = server.openOn(host, bound)) {
                boolean standby = session.askOne(
                        "ask for its role", bound, "SELECT pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1));
                return new OtherHost(host, Optional.of(IdentityReader.of(session, bound)), standby, "");
            } catch (ServerException e) {
                return new OtherHost(host, Optional.empty(), false, String.valueOf(e.getMessage()));
            }
        }
    }

    static Finding judge(Servers.Both<Hosts> hosts) {
        return Finding.worst(Stream.of(hosts.source(), hosts.target())
                .flatMap(HostsCheck::judge)
                .toList());
    }

    private static Stream<Finding> judge(Hosts hosts) {
        return hosts.others().isEmpty()
                ? Stream.of(Finding.pass("the " + hosts.access().side().word() + " has one host"))
                : hosts.others().stream().map(each -> judge(hosts, each));
    }

    private static Finding judge(Hosts hosts, OtherHost other) {
        String which = other.host() + " of the " + hosts.access();
        if (other.identity().isEmpty()) {
            return Finding.warn(
                    "it can't be proven that " + which + " belongs to the same cluster as " + hosts.primary() + ": "
                            + other.problem(),
                    Remedy.advice("if that host is gone for good, take it out of the endpoint"));
        }
        PostgresIdentity identity = other.identity().get();
        if (identity.hidesCluster() || hosts.identity().hidesCluster()) {
            return Finding.warn(
                    "it can't be proven that " + which + " belongs to the same cluster as " + hosts.primary()
                            + ": they don't report their system identifier",
                    hosts.access()
                            .remedy("GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO "
                                    + hosts.access().role() + ";"));
        }
        if (!identity.systemIdentifier().equals(hosts.identity().systemIdentifier())) {
            return Finding.fail(
                    which + " belongs to a different cluster from " + hosts.primary() + ": its system identifier is "
                            + identity.systemIdentifier() + ", not "
                            + hosts.identity().systemIdentifier(),
                    Remedy.advice("take that host out of the endpoint; after a failover services would go there"));
        }
        return other.standby()
                ? Finding.pass(other.host() + " is a standby of " + hosts.primary() + "'s cluster")
                : Finding.fail(
                        which + " is a primary, as " + hosts.primary() + " is",
                        Remedy.advice("shut down the one that a failover has left, or take it out of the endpoint"));
    }
}
