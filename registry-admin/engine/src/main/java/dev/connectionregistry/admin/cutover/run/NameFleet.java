package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One name's fleet on its way to a goal, without the instances that are not waited for. For the coordinator's thread. */
final class NameFleet {
    private final FleetWatcher watcher;
    private final GroupMember member;
    private final Set<String> without;
    private final FleetProgress progress;
    private final HeldBySecret bySecret;
    private FleetGoal goal = FleetGoal.acknowledged(0);

    NameFleet(FleetWatcher watcher, GroupMember member, Set<String> without, long now) {
        this.watcher = watcher;
        this.member = member;
        this.without = without;
        this.progress = new FleetProgress(goal, now);
        this.bySecret = new HeldBySecret(member);
    }

    GroupMember member() {
        return member;
    }

    /** From now on it is on its way to this goal. */
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
        FleetSnapshot fleet = watcher.look(member.name(), progress).only(each -> !without.contains(each.name()));
        bySecret.note(fleet);
        return fleet;
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
