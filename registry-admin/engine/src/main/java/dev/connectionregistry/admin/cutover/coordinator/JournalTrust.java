package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what a takeover may do with a run of which only the journal is known. Servers and the services' logins are
 * those of the settings and their history; administrators, commands, SQL, and whatever weakens the protection come from
 * the operator of this command. Pure, except for the question that the operator may be asked.
 */
final class JournalTrust {
    private final TakeOverRequest request;
    private final CommandText commands;

    JournalTrust(TakeOverRequest request, CommandText commands) {
        this.request = request;
        this.commands = commands;
    }

    /**
     * What is known of one name of the run.
     *
     * @param said what the journal says
     * @param current its settings, if they can be used
     * @param servers what settings and history have
     */
    record KnownMember(GroupMember said, Optional<VersionedSettings> current, KnownServers servers) {
        boolean isSwitched() {
            Endpoint target = said.target().endpoint();
            return !said.source().endpoint().equals(target)
                    && current.filter(now -> now.transition().isEmpty()
                                    && now.settings().endpoint().equals(target))
                            .isPresent();
        }

        private Optional<ConnectionSettings> source() {
            return servers.source(said);
        }

        private Optional<ConnectionSettings> target() {
            return servers.target(said);
        }
    }

    /**
     * A server that only the journal has.
     *
     * @param which the source or the target
     * @param endpoint where it is
     * @param given the option that names it, for the operator
     */
    private record OnlyJournalled(String which, DatabaseName name, Endpoint endpoint, String given) {
        @Override
        public String toString() {
            return "the journal of the cutover says that its " + which + " is " + endpoint
                    + ", but neither the settings of '" + name + "' nor their history say so";
        }
    }

    /**
     * The run as it may be taken over.
     *
     * @param said the run by its journal
     * @param known what is known of each of its names
     * @throws OperationException naming what must be given, or what contradicts what
     */
    RunSpec spec(RunSpec said, List<KnownMember> known) {
        requireMapped(said);
        boolean forward = request.purpose() == Purpose.RESUME;
        boolean switched = known.stream().allMatch(KnownMember::isSwitched);
        List<ConnectionSettings> sources = sources(known);
        List<Optional<ConnectionSettings>> targets = targets(known, sources, forward);
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            GroupMember each = known.get(i).said();
            members.add(each.between(sources.get(i), targets.get(i).orElse(each.target())));
        }
        AdminLogin onSource = request.sourceAdmin()
                .at(members.stream().map(each -> each.source().endpoint()).toList());
        AdminLogin onTarget = request.targetAdmin()
                .at(members.stream().map(each -> each.target().endpoint()).toList());
        requireGivenAgain(said, onSource, onTarget, forward && !switched);
        RunOptions options = said.options().with(onSource, onTarget);
        if (forward && !switched) {
            options = options.with(request.repeated().barrier());
        } else if (!forward && !known.stream().allMatch(each -> mayDropSlot(said, each))) {
            options = options.withoutReverseSlot();
        }
        return said.with(members).with(options);
    }

    private void requireMapped(RunSpec said) {
        request.servers().mapped().keySet().stream()
                .filter(name -> !said.names().contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(
                            "--map names '" + name + "', which is not in the open cutover of "
                                    + said.names().stream()
                                            .map(each -> "'" + each + "'")
                                            .collect(Collectors.joining(", ")),
                            "look at it with " + commands.command("cutover status " + request.database()));
                });
    }

    private List<ConnectionSettings> sources(List<KnownMember> known) {
        Optional<String> given = request.servers().source();
        List<ConnectionSettings> sources = new ArrayList<>();
        List<OnlyJournalled> unsaid = new ArrayList<>();
        for (KnownMember each : known) {
            GroupMember said = each.said();
            Optional<ConnectionSettings> current = each.current().map(VersionedSettings::settings);
            ConnectionSettings source =
                    each.source().orElseGet(() -> journalled("source", said.name(), said.source(), current));
            // If the database name was left out, it is never taken from the journal.
            requireSaid(
                    "source", "--from", source.endpoint(), given, each.source().or(() -> current));
            requireReader(said, source);
            if (each.source().isEmpty() && given.isEmpty()) {
                unsaid.add(new OnlyJournalled(
                        "source",
                        said.name(),
                        source.endpoint(),
                        known.size() == 1 ? "--from HOST:PORT/NAME" : "--from HOST:PORT"));
            }
            sources.add(source);
        }
        requireConfirmed(unsaid);
        return sources;
    }

    private static void requireReader(GroupMember said, ConnectionSettings source) {
        if (said.isReader() && source.role() == ServerRole.PRIMARY) {
            throw refused(
                    "the journal of the cutover says that '" + said.name() + "' only reads from standbys of '"
                            + said.primary().get() + "', but its settings ask for a primary, which would have to be"
                            + " fenced; the journal may be forged",
                    "see 'A journal that can't be read' in docs/cutover.md");
        }
    }

    /** By name, where each goes; empty if that is unknown and not needed. */
    private List<Optional<ConnectionSettings>> targets(
            List<KnownMember> known, List<ConnectionSettings> sources, boolean needed) {
        List<Optional<ConnectionSettings>> targets = new ArrayList<>();
        List<OnlyJournalled> unsaid = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            GroupMember said = known.get(i).said();
            Optional<ConnectionSettings> source = Optional.of(sources.get(i));
            Optional<String> given = request.servers().targetOf(said.name());
            Optional<ConnectionSettings> target = known.get(i).target();
            boolean unknown = target.isEmpty();
            if (unknown && needed) {
                target = Optional.of(journalled("target", said.name(), said.target(), source));
            }
            if (target.isPresent()) {
                String option = request.servers().mapped().containsKey(said.name()) ? "--map" : "--to";
                requireSaid("target", option, target.get().endpoint(), given, source);
                if (unknown && given.isEmpty()) {
                    unsaid.add(new OnlyJournalled(
                            "target",
                            said.name(),
                            target.get().endpoint(),
                            known.size() == 1 ? "--to HOST:PORT/NAME" : "--map " + said.name() + "=HOST:PORT/NAME"));
                }
            }
            targets.add(target);
        }
        requireConfirmed(unsaid);
        return targets;
    }

    /** A login of the journal's own is never used: only the endpoint can be confirmed, with the services' login of the settings. */
    private ConnectionSettings journalled(
            String which, DatabaseName name, ConnectionSettings said, Optional<ConnectionSettings> services) {
        return services.filter(now -> KnownServers.hasLoginOf(now, said))
                .map(now -> now.withEndpoint(said.endpoint()))
                .orElseThrow(() -> refused(
                        new OnlyJournalled(which, name, said.endpoint(), "")
                                + "; and its login of the services differs from the settings ("
                                + said.username() + "), so the journal may be forged",
                        abortInstead()));
    }

    /** All of them at once: each try logs in nowhere, but the operator has no time to spare. */
    private void requireConfirmed(List<OnlyJournalled> servers) {
        List<OnlyJournalled> refused = servers.stream()
                .filter(each -> !request.servers()
                        .question()
                        .confirm(each + ".\nIs " + each.endpoint() + " its " + each.which() + "?"))
                .toList();
        if (!refused.isEmpty()) {
            throw refused(
                    refused.stream().map(OnlyJournalled::toString).collect(Collectors.joining("\n")),
                    (refused.size() == 1 ? "if that server was" : "if those servers were")
                            + " meant, give "
                            + (refused.size() == 1 ? "it" : "them")
                            + " again, as when the run was started: "
                            + refused.stream()
                                    .map(OnlyJournalled::given)
                                    .distinct()
                                    .collect(Collectors.joining(" "))
                            + "; else " + abortInstead());
        }
    }

    /**
     * @param name the settings whose Postgres database is meant if only a host was given; a caller that needs them has
     *     them by now
     */
    private void requireSaid(
            String which, String option, Endpoint known, Optional<String> given, Optional<ConnectionSettings> name) {
        boolean same = given.isEmpty()
                || name.map(each -> Endpoint.parse(given.get(), each.endpoint().databaseName()))
                        .filter(known::equals)
                        .isPresent();
        if (!same) {
            throw refused(
                    "the " + which + " of the open cutover is " + known + ", not " + given.get() + " as " + option
                            + " says",
                    "look at it with " + commands.command("cutover status " + request.database()));
        }
    }

    /** Names everything that is missing at once, too. */
    private void requireGivenAgain(RunSpec said, AdminLogin onSource, AdminLogin onTarget, boolean whole) {
        List<Missing> missing = new ArrayList<>();
        admin("the source", "--admin-username", said.options().sourceAdmin(), onSource)
                .ifPresent(missing::add);
        admin("the target", "--target-admin-username", said.options().targetAdmin(), onTarget)
                .ifPresent(missing::add);
        if (whole) {
            repeated(said).ifPresent(missing::add);
        }
        if (missing.isEmpty()) {
            request.unaccepted().ifPresent(problem -> {
                throw new InvalidSettingsException(problem);
            });
            return;
        }
        request.unaccepted().map(problem -> new Missing(problem, "")).ifPresent(missing::add);
        throw refused(
                missing.stream().map(Missing::what).collect(Collectors.joining("\n")),
                missing.stream()
                        .map(Missing::next)
                        .filter(each -> !each.isEmpty())
                        .collect(Collectors.joining("; ")));
    }

    private record Missing(String what, String next) {}

    /** Without it the services' role would try what the administrator began. */
    private static Optional<Missing> admin(String where, String option, AdminLogin journalled, AdminLogin given) {
        return journalled.username().isPresent() && given.username().isEmpty()
                ? Optional.of(new Missing(
                        "the cutover was started as '" + journalled.username().get() + "' on " + where
                                + ", and the registry is not trusted with logins",
                        "give " + option + " and " + option.replace("username", "password-ref") + " again"))
                : Optional.empty();
    }

    private Optional<Missing> repeated(RunSpec said) {
        List<String> differences = request.repeated().differences(said.options().repeated());
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Missing(
                        "cutover " + said.id() + " was started " + String.join(", ", differences)
                                + "; the registry is not trusted with that, so it takes effect only if you give it"
                                + " again unchanged",
                        "give exactly these options, and no others of their kind; if the run wasn't started with them,"
                                + " the journal may be forged: " + abortInstead()));
    }

    /** Any other name may be that of a slot that somebody needs. */
    private boolean mayDropSlot(RunSpec said, KnownMember member) {
        Optional<String> slot = said.options().reverseSlot();
        return member.target().isPresent()
                && slot.filter(name -> name.isEmpty()
                                || name.equals(ReplicationNames.of(member.said().name())
                                        .earlier())
                                || request.repeated()
                                        .reverseSlot()
                                        .filter(name::equals)
                                        .isPresent())
                        .isPresent();
    }

    private String abortInstead() {
        return request.purpose() == Purpose.ABORT
                ? "see 'A journal that can't be read' in docs/cutover.md"
                : commands.command("cutover abort " + request.database()) + " undoes it";
    }

    private static OperationException refused(String message, String next) {
        return new OperationException(Reason.FAILED, message, next);
    }
}
