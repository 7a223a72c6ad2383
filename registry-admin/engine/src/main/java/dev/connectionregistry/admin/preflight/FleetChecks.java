package dev.connectionregistry.admin.preflight;

import static dev.connectionregistry.admin.preflight.Group.FLEET;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.InstanceBounds;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.preflight.CutoverHistory.Attempt;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.RegistryException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checks that ask no server: they judge what the registry says about instances, other names and earlier cutovers. A
 * new one gets a line in the list. Thread-safe.
 */
public final class FleetChecks {
    private static final List<Check<View>> ALL = List.of(
            check("fleet-alive")
                    .because("Nothing proves that an instance that isn't heard of has stopped writing.")
                    .leftToCutover()
                    .judges(FleetChecks::alive),
            check("fleet-protocol")
                    .because("A plain member, such as a reactive client, follows moves but doesn't hold its callers.")
                    .leftToCutover()
                    .needs(FleetChecks::somebody)
                    .judges(FleetChecks::protocol),
            check("fleet-endpoint")
                    .because("No fence keeps an instance on a third server from writing.")
                    .leftToCutover()
                    .needs(FleetChecks::somebody)
                    .judges(FleetChecks::endpoint),
            check("fleet-bounds")
                    .because("An instance rejects settings that its owner doesn't allow, and stays on the source.")
                    .leftToCutover()
                    .needs(FleetChecks::somebody)
                    .judges(FleetChecks::bounds),
            check("other-names")
                    .because("The fence is around a whole Postgres database: services that use it under another name"
                            + " would keep writing to it.")
                    .judges(view -> view.others().judge()),
            check("rehearsed")
                    .because("Only a rehearsal shows that every instance reaches the target and how long callers wait.")
                    .leftToCutover()
                    .judges(FleetChecks::rehearsed));

    private final FleetWatcher watcher;
    private final CutoverHistory history;
    private final OtherNames names;

    @Inject
    public FleetChecks(FleetWatcher watcher, CutoverHistory history, OtherNames names) {
        this.watcher = watcher;
        this.history = history;
        this.names = names;
    }

    private static Check.Draft<View, View> check(String name) {
        return Check.draft(FLEET, name, UnaryOperator.identity());
    }

    public List<About> all() {
        return ALL.stream().map(Check::about).toList();
    }

    /** Reads the registry, once; if it can't be read, every check says so. */
    public Looking begin(ServerPair pair) {
        try {
            FleetSnapshot fleet = watcher.once(pair.database(), FleetGoal.active(pair.version()));
            return new Looking(
                    Optional.of(new View(pair, fleet, history.latest(pair), OtherNamesCheck.read(names, pair))), "");
        } catch (RegistryException e) {
            return new Looking(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * What the registry says.
     *
     * @param pair the two servers
     * @param fleet the fleet
     * @param latest the last cutover or rehearsal of this pair
     * @param others what it says about other names
     */
    private record View(ServerPair pair, FleetSnapshot fleet, Optional<Attempt> latest, OtherNamesCheck others) {
        Remedy status() {
            return Remedy.command("status " + pair.database());
        }

        Remedy rehearse() {
            String words = pair.together().isEmpty()
                    ? "cutover " + pair.database() + " --to "
                            + Remedy.word(pair.targetSettings().endpoint())
                    : OtherNamesCheck.cutoverOfAll(pair, List.of());
            return Remedy.command(words + " --rehearse" + pair.adminWords());
        }
    }

    private static Optional<Finding> somebody(View view) {
        return view.fleet().live().isEmpty()
                ? Optional.of(Finding.notYet("no live instance to look at"))
                : Optional.empty();
    }

    private static String names(List<FleetMember> members) {
        return NameLists.some(NameLists.each(members, FleetMember::name));
    }

    /**
     * Whether every instance can take part in a cutover, as the cutover asks it. It judges as these checks do, except
     * that it goes on if an instance can't open connections to the source.
     */
    public static Finding participation(ServerPair pair, FleetSnapshot fleet) {
        View view = new View(pair, fleet, Optional.empty(), OtherNamesCheck.none(pair));
        return Finding.worst(List.of(heardOf(view), protocol(view), endpoint(view), bounds(view)));
    }

    private static Finding alive(View view) {
        List<FleetMember> failing = view.fleet().failing();
        Finding heard = heardOf(view);
        return failing.isEmpty() || heard.outcome() == Outcome.FAIL
                ? heard
                : Finding.fail(
                        failing.size() + " can't open connections: " + names(failing) + "; the first says: "
                                + failing.get(0)
                                        .report()
                                        .problem()
                                        .orElseThrow()
                                        .cause(),
                        Remedy.advice("fix the server, or the login of these instances"),
                        view.status());
    }

    private static Finding heardOf(View view) {
        FleetSnapshot fleet = view.fleet();
        Optional<String> ahead = FleetEvents.ahead(fleet);
        if (!fleet.silent().isEmpty()) {
            FleetMember first = fleet.silent().get(0);
            return Finding.fail(
                    names(fleet.silent()) + " silent: nothing heard for " + FleetEvents.seconds(first.age())
                            + ", so what it does is unknown",
                    Remedy.advice("stop it, if it isn't gone (its reports expire), or leave it out of the cutover with"
                            + without(first)),
                    view.status());
        }
        if (ahead.isPresent()) {
            return Finding.fail(ahead.get(), Remedy.advice(FleetEvents.AHEAD_ADVICE));
        }
        if (!fleet.unreadable().isEmpty()) {
            return Finding.warn(
                    Plural.of(fleet.unreadable().size(), "unreadable report") + ", which may belong to live instances",
                    view.status());
        }
        return fleet.live().isEmpty()
                ? Finding.warn(
                        "no instance uses '" + view.pair().database() + "' now: no live instance has a report",
                        Remedy.command("status " + view.pair().database() + " --all"))
                : Finding.pass(Plural.of(fleet.live().size(), "instance is", "instances are") + " heard of");
    }

    private static String without(FleetMember member) {
        return " --without " + Remedy.word(member.name());
    }

    private static Finding protocol(View view) {
        List<FleetMember> plain = view.fleet().plain();
        return plain.isEmpty()
                ? Finding.pass("every live instance holds its callers for a cutover")
                : Finding.fail(
                        NameLists.some(NameLists.each(plain, member -> member.name() + " is " + FleetEvents.PLAIN)),
                        Remedy.advice("stop it for the cutover, give it db-client's data source, or leave it out of the"
                                + " cutover with" + without(plain.get(0))
                                + ": its writes then fail from the fence until it has followed the switch"));
    }

    private static Finding endpoint(View view) {
        String source = view.pair().sourceSettings().endpoint().toString();
        List<FleetMember> elsewhere = view.fleet().live().stream()
                .filter(member -> member.isElsewhere(source))
                .toList();
        if (elsewhere.isEmpty()) {
            return Finding.pass("every live instance is on " + source);
        }
        Optional<String> error = elsewhere.get(0).report().lastError();
        return Finding.fail(
                NameLists.some(NameLists.each(
                                elsewhere,
                                member -> member.name() + " is connected to "
                                        + member.report().endpoint()))
                        + ", not to " + source + ", where no fence would stop their writes"
                        + error.map(text -> "; the first says: " + text).orElse(""),
                view.status(),
                Remedy.advice("wait until they follow the settings, or restart them"));
    }

    private static Finding bounds(View view) {
        List<String> refusals =
                InstanceBounds.refusals(view.fleet(), view.pair().targetSettings());
        return refusals.isEmpty()
                ? Finding.pass("every live instance allows the target's settings")
                : Finding.fail(
                        String.join("; ", refusals),
                        Remedy.advice("deploy the services with bounds that allow it, or choose settings within them;"
                                + " a cutover can leave one out with --without"));
    }

    private static Finding rehearsed(View view) {
        if (view.latest().isEmpty()) {
            return Finding.notYet(
                    "no cutover from " + view.pair().sourceSettings().endpoint() + " to "
                            + view.pair().targetSettings().endpoint() + " was tried yet",
                    view.rehearse());
        }
        Attempt latest = view.latest().get();
        return latest.everyInstanceWasReady()
                ? Finding.pass(latest.title() + " had every instance ready on the target")
                : Finding.fail(
                        latest.title() + " ended before every instance was ready on the target: " + latest.cause(),
                        Remedy.advice("fix that, then rehearse again"),
                        view.rehearse());
    }

    /** What was read, and the checks on it. Immutable. */
    public static final class Looking {
        private final Optional<View> view;
        private final String problem;

        private Looking(Optional<View> view, String problem) {
            this.view = view;
            this.problem = problem;
        }

        /** Makes one of {@link FleetChecks#all}. */
        public Finding look(About about) {
            Check<View> check = ALL.stream()
                    .filter(each -> each.about().equals(about))
                    .findFirst()
                    .orElseThrow();
            if (view.isEmpty()) {
                return Finding.unknown(problem);
            }
            try {
                return check.look().at(view.get());
            } catch (ServerException e) {
                throw new IllegalStateException("a check of the fleet asks no server", e);
            }
        }

        /** The names of the live instances' sessions; none if they are unknown. */
        public Set<String> sessions() {
            return sessions(reports().stream());
        }

        /** The same for the live instances of every name of the registry, as far as they can be read. */
        public Set<String> registrySessions() {
            return sessions(Stream.concat(reports().stream(), view.stream().flatMap(each -> each.others()
                    .reports())));
        }

        private static Set<String> sessions(Stream<InstanceReport> reports) {
            return reports.map(report -> InstanceReport.applicationName(report.service(), report.instance()))
                    .collect(Collectors.toSet());
        }

        /** How many connections the pools of the live instances may have together. */
        public int connections() {
            return connections(reports());
        }

        /** The instances and connections of the names that would move with this one from the same server. */
        public Subject.OtherFleets otherFleets() {
            List<InstanceReport> others =
                    view.map(each -> each.others().movingTogether()).orElse(List.of());
            return new Subject.OtherFleets(others.size(), connections(others));
        }

        private static int connections(List<InstanceReport> reports) {
            return reports.stream()
                    .mapToInt(report -> report.pool().maximumSize())
                    .sum();
        }

        private List<InstanceReport> reports() {
            return view.map(View::fleet).map(FleetSnapshot::live).orElse(List.of()).stream()
                    .map(FleetMember::report)
                    .toList();
        }
    }
}
