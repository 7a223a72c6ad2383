package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.cutover.ReaderServer.State;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.ServerRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which names of a group are readers, by what their servers say about themselves. Only names with role {@code any} or {@code
 * prefer-standby} can be. This decides what a run does with a name; the run's own sessions prove it again before callers wait.
 */
final class Readers {
    private static final Duration LOGIN = Duration.ofSeconds(10);

    private final CutoverServers servers;
    private final CommandText commands;

    Readers(CutoverServers servers, CommandText commands) {
        this.servers = servers;
        this.commands = commands;
    }

    /**
     * The same members, with the readers among them recognised and moved to the end, so that the journal is under a
     * name whose Postgres database moves. Logs in only if there is a name that may be a reader.
     *
     * @throws OperationException if a standby's primary isn't in the group, or a server can't be asked
     */
    List<GroupMember> recognised(List<GroupMember> members, String runId, AdminLogin admin) {
        Look look = new Look(members, runId, admin);
        List<GroupMember> all = new ArrayList<>();
        for (GroupMember member : members) {
            all.add(look.primary(member)
                    .map(primary -> member.reading(primary.name()))
                    .orElse(member));
        }
        all.sort(Comparator.comparing(GroupMember::isReader));
        return all;
    }

    /** One look at a group's servers; each is asked once. */
    private final class Look {
        private final List<GroupMember> members;
        private final String runId;
        private final AdminLogin admin;
        private final Map<Endpoint, List<State>> seen = new HashMap<>();

        Look(List<GroupMember> members, String runId, AdminLogin admin) {
            this.members = members;
            this.runId = runId;
            this.admin = admin;
        }

        /** The name from whose standbys this one reads; empty if its own Postgres database moves. */
        Optional<GroupMember> primary(GroupMember member) {
            if (member.source().role() == ServerRole.PRIMARY) {
                return Optional.empty();
            }
            Optional<GroupMember> beside = members.stream()
                    .filter(each -> each.source().role() == ServerRole.PRIMARY
                            && each.source().endpoint().equals(member.source().endpoint()))
                    .findFirst();
            if (beside.isPresent()) {
                return beside.filter(primary -> mayRead(member, primary));
            }
            List<State> states = states(member);
            Optional<State> standby = states.stream().filter(State::standby).findFirst();
            if (standby.isEmpty()) {
                return Optional.empty();
            }
            Optional<GroupMember> primary = primaryOf(member, standby.get().identity());
            boolean hasPrimary = states.stream().anyMatch(state -> !state.standby()); // so it can be fenced itself
            if (primary.isEmpty() && !hasPrimary) {
                throw alone(member, standby.get().identity());
            }
            return primary.filter(each ->
                    !hasPrimary || each.source().role() == ServerRole.PRIMARY); // or each would read from the other
        }

        /** A name on the same server as its primary, and going to the same one, has nothing to wait for. */
        private boolean mayRead(GroupMember member, GroupMember primary) {
            return !member.target().endpoint().equals(primary.target().endpoint())
                    || member.source().endpoint().hosts().size() > 1
                    || member.target().endpoint().hosts().size() > 1;
        }

        /** Names that ask for a primary come first, since the others may be readers of those. */
        private Optional<GroupMember> primaryOf(GroupMember reader, PostgresIdentity standby) {
            return members.stream()
                    .filter(each -> !each.name().equals(reader.name()))
                    .sorted(Comparator.comparing(each -> each.source().role() != ServerRole.PRIMARY))
                    .filter(each -> states(each).stream().anyMatch(state -> isPrimaryOf(state, standby)))
                    .findFirst();
        }

        private OperationException alone(GroupMember reader, PostgresIdentity standby) {
            return new OperationException(
                    Reason.FAILED,
                    "'" + reader.name() + "' is on a standby, "
                            + reader.source().endpoint()
                            + ", and no name of this cutover is on the primary of that standby (" + standby
                            + "); nothing was started",
                    "cut it over together with a name of its primary: "
                            + commands.command("cutover PRIMARY " + reader.name() + " --to HOST:PORT --map "
                                    + reader.name() + "=" + reader.target().endpoint())
                            + "; or, if its primary doesn't move, or its callers may read older rows for a while: "
                            + commands.command("set-endpoint " + reader.name() + " "
                                    + reader.target().endpoint()));
        }

        private static boolean isPrimaryOf(State state, PostgresIdentity standby) {
            return !state.standby()
                    && state.identity().systemIdentifier().equals(standby.systemIdentifier())
                    && state.identity().database().equals(standby.database());
        }

        /** The hosts of a name's source that answer. */
        private List<State> states(GroupMember member) {
            Endpoint endpoint = member.source().endpoint();
            List<State> known = seen.get(endpoint);
            if (known == null) {
                known = ask(member, endpoint);
                seen.put(endpoint, known);
            }
            return known;
        }

        private List<State> ask(GroupMember member, Endpoint endpoint) {
            ServerLogin login = admin.on(ServerLogin.of(member.source()));
            List<State> states = new ArrayList<>();
            List<String> silent = new ArrayList<>();
            for (Endpoint host : endpoint.each()) {
                ServerLogin there = new ServerLogin(host, login.username(), login.password(), login.properties());
                try (ReaderServer server = servers.reader(there, runId).open(LOGIN)) {
                    states.add(server.state(LOGIN));
                } catch (ServerException e) {
                    silent.add(String.valueOf(e.getMessage()));
                }
            }
            if (states.isEmpty() && members.size() > 1) {
                throw new OperationException(
                        Reason.FAILED,
                        "it is unknown whether '" + member.name() + "' is on a standby: " + String.join("; ", silent)
                                + "; nothing was started",
                        "see " + commands.command("status " + member.name()));
            }
            return states;
        }
    }
}
