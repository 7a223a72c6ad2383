package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One name's fleet on its way to a goal, without the instances that are not waited for. For the coordinator's thread. */
final class NameFleet {
    /** The registry bounds its own calls; this is for one that doesn't. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(5);

    private final FleetWatcher watcher;
    private final GroupMember member;
    private final Set<String> without;
    private final boolean amongSeveral;
    private final FleetProgress progress;
    private final HeldBySecret bySecret;
    private FleetGoal goal = FleetGoal.acknowledged(0);
    /** The read of the reports for the next look, if it has begun already. */
    private Optional<BoundedCall<ItemsRead<InstanceReport>, RuntimeException>> begun = Optional.empty();

    NameFleet(FleetWatcher watcher, GroupMember member, RunSpec spec, long now) {
        this.watcher = watcher;
        this.member = member;
        this.without = spec.options().without();
        this.amongSeveral = spec.members().size() > 1;
        this.progress = new FleetProgress(goal, now);
        this.bySecret = new HeldBySecret(member);
    }

    GroupMember member() {
        return member;
    }

    /** Sets the goal that the fleet must reach from now on. */
    void aim(FleetGoal next, long now) {
        goal = next;
        progress.aim(next, now);
    }

    /** A wait for HELD of another version begins: what was revealed before doesn't count. */
    void beginToListen() {
        bySecret.begin();
    }

    void hear(List<HeldSignal> held, Duration after) {
        bySecret.hear(held, after);
    }

    /** The fleet as the registry has it now. */
    FleetSnapshot look() {
        return noted(watcher.look(member.name(), progress));
    }

    private FleetSnapshot noted(FleetSnapshot all) {
        FleetSnapshot awaited = all.only(each -> !without.contains(each.name()));
        FleetSnapshot fleet = amongSeveral ? awaited.mapped(FleetMember::besideOthers) : awaited;
        bySecret.note(fleet);
        return fleet;
    }

    /** Begins to read the reports, for {@link #lookBegun}. */
    void beginLook() {
        begun = Optional.of(BoundedCall.start("cutover-fleet-look", () -> watcher.read(member.name())));
    }

    /** The same, unless that was done already. */
    void beginLookUnlessBegun() {
        if (begun.isEmpty()) {
            beginLook();
        }
    }

    /** Forgets a read that has begun: it belongs to an earlier wait. */
    void forgetLook() {
        begun = Optional.empty();
    }

    /** The fleet as of {@link #beginLook}, or a new look if none was begun since the last. */
    FleetSnapshot lookBegun() throws InterruptedException {
        Optional<BoundedCall<ItemsRead<InstanceReport>, RuntimeException>> reading = begun;
        begun = Optional.empty();
        return reading.isPresent() && reading.get().awaitEnd(LONGEST_READ)
                ? noted(watcher.observe(member.name(), reading.get().result(), progress))
                : look();
    }

    /** Runs the proof by a signal once, before callers wait for it. */
    void practise(FleetSnapshot ready) {
        HeldBySecret.practise(member, ready);
    }

    /** Whether each instance that is missing in {@code seen} can still prove by a signal that it is HELD. */
    boolean isProvenBySignals(FleetSnapshot seen) {
        return bySecret.canProveAll(proven(seen).pending(), goal.version());
    }

    /** Before the first look there is no instance. */
    FleetSnapshot unseen() {
        return new FleetSnapshot(goal, List.of());
    }

    /** The same fleet, in which instances that have proven it count as HELD. */
    FleetSnapshot proven(FleetSnapshot seen) {
        return bySecret.applyTo(seen);
    }
}
