package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.Heard;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.HeldWatch;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Waits until all live instances reach a goal, except those that the operator named with --without. An outage of the registry doesn't
 * end a wait before its limit. For the coordinator's thread.
 */
public final class FleetWait {
    private static final Duration LATE = Duration.ofSeconds(5);
    private static final int LATE_POLLS = 20;
    /** How many instances a message names: causes go into the journal, whose item has a limit. */
    private static final int NAMED = 10;
    /** At most one look in this time, however many hints come. */
    private static final Duration SHORTEST = Duration.ofMillis(3);

    private static final Duration PRACTICE = Duration.ofMillis(30);
    /**
     * How long after a look the next one follows while each missing instance can prove by a signal that it is HELD: reading hundreds of
     * reports takes the processors that those instances need.
     */
    private static final Duration WHILE_SIGNALS_COME = Duration.ofMillis(250);

    private final Timing timing;
    private final CutoverObserver observer;
    private final RunSignals signals;
    private final ToLongFunction<DatabaseName> version;
    private final List<NameFleet> fleets;
    /** The names of late instances that the operator was told of. */
    private final Set<String> told = new HashSet<>();

    /** For all names of a run; {@code version} is what the run last read or wrote of each. */
    FleetWait(
            FleetWatcher watcher,
            Timing timing,
            RunSpec spec,
            CutoverObserver observer,
            RunSignals signals,
            ToLongFunction<DatabaseName> version) {
        this.timing = timing;
        this.observer = observer;
        this.signals = signals;
        this.version = version;
        this.fleets = spec.members().stream()
                .map(each -> new NameFleet(watcher, each, spec, timing.nanoTime()))
                .toList();
    }

    /** May end a wait early; asked after every look that did not end it. */
    @FunctionalInterface
    public interface Judge {
        /** Waits until the limit. */
        Judge PATIENT = (missing, elapsed) -> {};

        /**
         * Looks at who is missing.
         *
         * @throws StepFailure if there is no point in waiting any longer
         */
        void judge(List<FleetMember> missing, Duration elapsed) throws StepFailure, ServerException;
    }

    /**
     * One wait.
     *
     * @param goal what every instance must reach, for the version of its name that the run last read or wrote
     * @param limit how long it waits at most
     * @param lead the pause before the first look: no instance can be there yet, and a look would only delay their
     *     reads and reports. With signals the first look is made at once, in parallel, and this is the pause after it
     * @param pause between two looks
     * @param heedsStop whether the operator may end it
     * @param heedsSilence whether an instance that falls silent ends it
     * @param judge may end it for another reason
     */
    public record Wait(
            FleetGoal.Kind goal,
            Duration limit,
            Duration lead,
            Duration pause,
            boolean heedsStop,
            boolean heedsSilence,
            Judge judge) {}

    /** The fleets now, without the instances that are not waited for. */
    public FleetSnapshot look() {
        return FleetSnapshot.together(seen());
    }

    /** The same for one name. */
    public FleetSnapshot look(DatabaseName name) {
        return fleets.stream()
                .filter(each -> each.member().name().equals(name))
                .map(NameFleet::look)
                .findFirst()
                .orElseThrow();
    }

    /** Begins to read the fleets for the first look of the wait for HELD that follows; without signals that look comes later. */
    public void beginLook() {
        if (signals.areOpen()) {
            fleets.forEach(NameFleet::beginLook);
        }
    }

    private List<FleetSnapshot> seen() {
        return fleets.stream().map(NameFleet::look).toList();
    }

    /** The same, with the looks that were begun; several names are read side by side. */
    private List<FleetSnapshot> seenBegun() throws InterruptedException {
        if (fleets.size() > 1) {
            fleets.forEach(NameFleet::beginLookUnlessBegun);
        }
        List<FleetSnapshot> seen = new ArrayList<>();
        for (NameFleet each : fleets) {
            seen.add(each.lookBegun());
        }
        return seen;
    }

    private boolean areProvenBySignals(List<FleetSnapshot> seen) {
        return IntStream.range(0, fleets.size())
                .allMatch(index -> fleets.get(index).isProvenBySignals(seen.get(index)));
    }

    /** The same fleets, in which instances that have proven it count as HELD. */
    private FleetSnapshot proven(List<FleetSnapshot> seen) {
        return FleetSnapshot.together(IntStream.range(0, fleets.size())
                .mapToObj(index -> fleets.get(index).proven(seen.get(index)))
                .toList());
    }

    /**
     * Waits. For HELD, signals count as well as reports, so that a hold doesn't wait for a report.
     *
     * @return the fleets once every instance has reached the goal
     * @throws StepFailure naming the missing instances, if the wait ends otherwise
     */
    public FleetSnapshot await(Wait wait) throws StepFailure, ServerException, InterruptedException {
        if (!signals.areOpen() || wait.goal() != FleetGoal.Kind.HELD) {
            fleets.forEach(NameFleet::forgetLook);
            return await(wait, Optional.empty());
        }
        fleets.forEach(NameFleet::beginToListen);
        try (HeldWatch watch = signals.watchHeld()) {
            return await(wait, Optional.of(watch));
        }
    }

    /**
     * Does once, while no caller waits, everything that listening in a hold does, so that the hold does nothing for the
     * first time.
     */
    public void practise() throws InterruptedException {
        if (signals.areOpen()) {
            fleets.forEach(NameFleet::beginToListen);
            try (HeldWatch watch = signals.watchHeld()) {
                hear(watch.await(PRACTICE), PRACTICE);
                beginLook();
                List<FleetSnapshot> ready = seenBegun();
                proven(ready);
                IntStream.range(0, fleets.size())
                        .forEach(index -> fleets.get(index).practise(ready.get(index)));
            }
        }
    }

    private void hear(Heard heard, Duration after) {
        fleets.forEach(each -> each.hear(heard.held(), after));
    }

    private FleetSnapshot await(Wait wait, Optional<HeldWatch> watch)
            throws StepFailure, ServerException, InterruptedException {
        long start = timing.nanoTime();
        fleets.forEach(each -> each.aim(
                new FleetGoal(wait.goal(), version.applyAsLong(each.member().name())), start));
        Look look = new Look(fleets.stream().map(NameFleet::unseen).toList(), Optional.empty());
        Duration pause = wait.lead();
        if (watch.isEmpty()) {
            pause(wait, pause);
            pause = wait.pause();
        }
        while (true) {
            look = tryToLook(look.fleets);
            Heard meanwhile = watch.isPresent() ? watch.get().await(Duration.ZERO) : Heard.NOTHING;
            hear(meanwhile, since(start));
            FleetSnapshot last = proven(look.fleets);
            Duration elapsed = since(start);
            show(wait, last, elapsed, look.outage);
            if (look.outage.isEmpty() && isOver(wait, last, elapsed)) {
                return last;
            }
            if (look.outage.isEmpty() && wait.heedsSilence()) {
                tellLate(look.fleets, elapsed);
            }
            Duration rest = wait.limit().minus(elapsed);
            if (rest.isZero() || rest.isNegative()) {
                throw StepFailure.failed(timedOut(wait, last, look.outage));
            }
            if (watch.isPresent() && look.outage.isEmpty()) {
                Duration longest = areProvenBySignals(look.fleets) ? max(pause, WHILE_SIGNALS_COME) : pause;
                last = listen(wait, watch.get(), look.fleets, meanwhile.hints(), Durations.min(longest, rest), start);
                if (last.converged()) {
                    show(wait, last, since(start), Optional.empty());
                    return last;
                }
            } else {
                pause(wait, Durations.min(pause, rest));
            }
            pause = wait.pause();
        }
    }

    private Duration since(long start) {
        return Duration.ofNanos(timing.nanoTime() - start);
    }

    private void show(Wait wait, FleetSnapshot fleet, Duration elapsed, Optional<String> outage) {
        observer.fleet(fleet, new FleetObserver.WaitStatus(elapsed, Optional.of(wait.limit()), outage));
    }

    /**
     * Listens until the next look is due, or as many instances of an older release as are missing have hinted at a new
     * report. The judge is asked after each pause, as if there had been a look.
     *
     * @param seen the fleets as the last look saw them
     * @param before hints that came during that look
     * @return the same fleet, in which instances that have proven it count as HELD
     */
    private FleetSnapshot listen(
            Wait wait, HeldWatch watch, List<FleetSnapshot> seen, int before, Duration longest, long start)
            throws StepFailure, ServerException, InterruptedException {
        long began = timing.nanoTime();
        FleetSnapshot fleet = proven(seen);
        int hints = before;
        Duration left = longest;
        while (!left.isNegative() && !left.isZero() && hints < fleet.pending().size()) {
            Heard heard = watch.await(Durations.min(left, wait.pause()));
            if (wait.heedsStop() && timing.stopped()) {
                throw StepFailure.stopped();
            }
            hear(heard, since(start));
            hints += heard.hints();
            fleet = proven(seen);
            if (!fleet.converged()) {
                wait.judge().judge(fleet.pending(), since(start));
            }
            left = longest.minus(since(began));
        }
        boolean early = !fleet.converged() && since(began).compareTo(SHORTEST) < 0;
        if (early && !timing.rest(SHORTEST.minus(since(began)))) {
            throw StepFailure.stopped();
        }
        return fleet;
    }

    private void pause(Wait wait, Duration longest) throws StepFailure {
        boolean goesOn = longest.isZero() || (wait.heedsStop() ? timing.pause(longest) : timing.rest(longest));
        if (!goesOn) {
            throw StepFailure.stopped();
        }
    }

    private static boolean isOver(Wait wait, FleetSnapshot fleet, Duration elapsed)
            throws StepFailure, ServerException {
        if (wait.heedsSilence() && !fleet.silent().isEmpty()) {
            throw StepFailure.failed(silent(fleet.silent()));
        }
        if (fleet.converged()) {
            return true;
        }
        if (wait.goal().needsHolding()) {
            refusePlain(fleet.pending());
        }
        wait.judge().judge(fleet.pending(), elapsed);
        return false;
    }

    /** Refuses a plain member that has appeared since the checks. */
    private static void refusePlain(List<FleetMember> missing) throws StepFailure {
        List<FleetMember> plain = missing.stream().filter(FleetMember::plain).toList();
        if (!plain.isEmpty()) {
            FleetMember first = plain.get(0);
            throw StepFailure.failed(
                    Plural.some(plain.stream().map(FleetMember::title).toList(), NAMED, ", ") + " is "
                            + FleetEvents.PLAIN + "; stop it, or leave it out with --without "
                            + ShellWord.of(first.name()));
        }
    }

    /**
     * An instance that polls ten times a second has read a new version long before this: it hangs, or is gone, and the
     * operator needn't wait for the timeout to hear of it. Each is reported once.
     */
    private void tellLate(List<FleetSnapshot> seen, Duration elapsed) {
        for (int index = 0; index < seen.size(); index++) {
            FleetSnapshot fleet = fleets.get(index).proven(seen.get(index));
            fleet.pending().forEach(member -> tellLate(member, fleet.goal().version(), elapsed));
        }
    }

    private void tellLate(FleetMember member, long wanted, Duration elapsed) {
        Duration late = max(LATE, member.report().pollInterval().multipliedBy(LATE_POLLS));
        boolean unread = member.report().acknowledgedVersion() < wanted;
        if (unread && elapsed.compareTo(late) >= 0 && told.add(member.title())) {
            observer.warning(member.title() + " has not read version " + wanted + " within "
                    + FleetEvents.seconds(elapsed) + " and was last heard of " + FleetEvents.seconds(member.unheard())
                    + " ago: it hangs, or is gone; stop this with Ctrl-C and " + leaveOut(member));
        }
    }

    /** Says which instances have stopped reporting, and what the operator can do. */
    public static String silent(List<FleetMember> members) {
        FleetMember first = members.get(0);
        return Plural.some(members.stream().map(FleetMember::title).toList(), NAMED, ", ")
                + " silent: nothing heard for "
                + FleetEvents.seconds(first.age())
                + ", so what it does is unknown; stop it, or leave it out with --without "
                + ShellWord.of(first.name());
    }

    private Look tryToLook(List<FleetSnapshot> last) throws InterruptedException {
        try {
            return new Look(seenBegun(), Optional.empty());
        } catch (RegistryException e) {
            if (!e.isPassing()) {
                throw e;
            }
            return new Look(last, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private record Look(List<FleetSnapshot> fleets, Optional<String> outage) {}

    private static String timedOut(Wait wait, FleetSnapshot last, Optional<String> outage) {
        String who = missing(last.pending());
        return "the fleet did not " + last.goal() + " within " + FleetEvents.seconds(wait.limit()) + ": "
                + outage.map(text -> "the registry can't be read: " + text + (who.isEmpty() ? "" : "; "))
                        .orElse("")
                + who
                + (last.pending().isEmpty() || !wait.heedsSilence()
                        ? ""
                        : "; " + leaveOut(last.pending().get(0)));
    }

    /** What the operator can do about a missing instance: a process that is gone counts as live for three heartbeats. */
    public static String leaveOut(FleetMember member) {
        return "fix that or, once the process has certainly ended, leave it out with --without "
                + ShellWord.of(member.name());
    }

    /** How far the missing instances are: the first ten, and how many more there are. */
    public static String missing(List<FleetMember> members) {
        return Plural.some(members.stream().map(member -> missing(member)).toList(), NAMED, "; ");
    }

    /** How far a missing instance is. */
    public static String missing(FleetMember member) {
        return member.title() + " is " + member.report().state() + ", has read version "
                + member.report().acknowledgedVersion() + ", protocol "
                + member.report().protocol()
                + ", last heard of " + FleetEvents.seconds(member.unheard()) + " ago"
                + (member.overdue() ? " (overdue: it may be gone)" : "")
                + member.report().lastError().map(error -> ", says: " + error).orElse("");
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
