package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The fleet, at one moment while it is watched.
 *
 * @param goal what is waited for
 * @param members every instance that has a report, by name, including silent and stopped ones
 * @param unreadable reports that can't be read: it is unknown whether they belong to live instances
 */
public record FleetSnapshot(FleetGoal goal, List<FleetMember> members, List<Unreadable> unreadable) {
    public FleetSnapshot {
        members = List.copyOf(members);
        unreadable = List.copyOf(unreadable);
    }

    /** A snapshot in which every report is readable. */
    public FleetSnapshot(FleetGoal goal, List<FleetMember> members) {
        this(goal, members, List.of());
    }

    /** The fleets of several names; the goal is that of the first with pending instances, or else of the first. */
    public static FleetSnapshot together(List<FleetSnapshot> fleets) {
        FleetSnapshot first = fleets.stream()
                .filter(each -> !each.pending().isEmpty())
                .findFirst()
                .orElse(fleets.get(0));
        return fleets.size() == 1
                ? first
                : new FleetSnapshot(
                        first.goal(),
                        fleets.stream().flatMap(each -> each.members().stream()).toList(),
                        fleets.stream()
                                .flatMap(each -> each.unreadable().stream())
                                .toList());
    }

    /** The same without some of the members. */
    public FleetSnapshot only(Predicate<FleetMember> kept) {
        return new FleetSnapshot(goal, members.stream().filter(kept).toList(), unreadable);
    }

    /** The same with each member replaced. */
    public FleetSnapshot mapped(UnaryOperator<FleetMember> change) {
        return new FleetSnapshot(goal, members.stream().map(change).toList(), unreadable);
    }

    /** The same, with reports that could not be read. */
    public FleetSnapshot with(List<Unreadable> more) {
        return new FleetSnapshot(goal, members, more);
    }

    /** Those that are taken to be running. */
    public List<FleetMember> live() {
        return with(Liveness.LIVE);
    }

    /** Those not heard of lately. */
    public List<FleetMember> silent() {
        return with(Liveness.SILENT);
    }

    private List<FleetMember> with(Liveness liveness) {
        return members.stream().filter(member -> member.liveness() == liveness).toList();
    }

    /** Those the goal still waits for. */
    public List<FleetMember> pending() {
        return members.stream().filter(FleetMember::pending).toList();
    }

    /** Live ones that have reached the goal. */
    public List<FleetMember> arrived() {
        return live().stream().filter(member -> !member.pending()).toList();
    }

    /** Without those that had stopped already when the watching began. */
    public FleetSnapshot involved() {
        return only(member -> !member.stoppedBefore());
    }

    /** Those that ended before they served anything, and said why; the latest first. */
    public List<FleetMember> failedToStart() {
        return members.stream()
                .filter(member -> member.liveness() == Liveness.STOPPED
                        && member.report().version() == 0
                        && member.report().lastError().isPresent())
                .sorted(Comparator.comparing(FleetMember::age))
                .toList();
    }

    /** Without those that have stopped. */
    public FleetSnapshot running() {
        return only(member -> member.liveness() != Liveness.STOPPED);
    }

    /** Live ones whose pool can't open connections. */
    public List<FleetMember> failing() {
        return members.stream().filter(FleetMember::failing).toList();
    }

    /** Live ones that follow moves, but don't hold. */
    public List<FleetMember> plain() {
        return live().stream().filter(FleetMember::plain).toList();
    }

    /** Those still waited for, if all of them are overdue and every other instance is done. */
    public List<FleetMember> stalledBy() {
        List<FleetMember> pending = pending();
        return pending.stream().allMatch(FleetMember::overdue) ? pending : List.of();
    }

    /** Live ones that have seen a newer version than the table has, and so ignore it. */
    public List<FleetMember> ahead() {
        return members.stream().filter(FleetMember::ahead).toList();
    }

    /** Whether nobody is waited for; true of an empty fleet. */
    public boolean converged() {
        return pending().isEmpty();
    }

    /** When the last instance arrived; empty if none did. */
    public Optional<Duration> lastArrival() {
        return members.stream()
                .flatMap(member -> member.reachedAfter().stream())
                .max(Comparator.naturalOrder());
    }

    /**
     * The longest time until each live instance is heard of or is known to be silent: its poll interval, or the
     * heartbeats after which it counts as silent.
     */
    public Duration patience() {
        return live().stream()
                .map(FleetMember::report)
                .flatMap(report -> Stream.of(
                        report.pollInterval(), report.heartbeat().multipliedBy(InstanceReport.SILENT_AFTER_HEARTBEATS)))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
