package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which instances have proven by a signal that they hold for one HOLD: those that revealed the secret whose digest was in
 * their report when they were READY. A report that says otherwise, or comes from another incarnation, takes precedence. No I/O; not
 * thread-safe.
 */
final class HeldBySecret {
    private static final Set<InstanceState> HOLDING = EnumSet.of(InstanceState.HOLDING, InstanceState.HELD);
    /** The states of a report from before the HOLD. */
    private static final Set<InstanceState> BEFORE =
            EnumSet.of(InstanceState.READY, InstanceState.HOLDING, InstanceState.HELD);

    private final GroupMember member;
    /** By the instance's name, from its newest report that had a commitment. */
    private final Map<String, Promise> promises = new HashMap<>();
    /** Everything that was revealed, by the start of its digest. */
    private final Map<String, List<Revealed>> revealed = new HashMap<>();

    private final Map<Promise, Duration> fulfilled = new HashMap<>();

    HeldBySecret(GroupMember member) {
        this.member = member;
    }

    private record Promise(String name, String incarnation, HeldCommitment commitment) {}

    private record Revealed(CommittedSecret secret, Duration after) {}

    /**
     * Runs the proof once for one instance in {@code ready}, before callers wait for it; the secret is made here and
     * proves nothing elsewhere.
     */
    static void practise(GroupMember member, FleetSnapshot ready) {
        HeldBySecret practice = new HeldBySecret(member);
        CommittedSecret secret = CommittedSecret.random();
        long version = ready.goal().version() + 1;
        ready.live().stream().findFirst().ifPresent(first -> {
            String incarnation = first.report().incarnation().orElse("");
            String digest = practice.digest(
                    secret, new Promise(first.name(), incarnation, new HeldCommitment(version, secret.reveal())));
            practice.promises.put(
                    first.name(), new Promise(first.name(), incarnation, new HeldCommitment(version, digest)));
            String name = HeldSignal.applicationName(secret, digest);
            practice.hear(HeldSignal.parse(name).stream().toList(), Duration.ZERO);
            practice.provenAt(first, version).ifPresent(first::reached);
        });
        practice.applyTo(ready);
    }

    /** A wait for another version begins: earlier secrets don't count. */
    void begin() {
        revealed.clear();
        fulfilled.clear();
    }

    /** Remembers the commitments of the instances. */
    void note(FleetSnapshot fleet) {
        for (FleetMember member : fleet.live()) {
            InstanceReport report = member.report();
            if (report.heldCommitment().isPresent() && report.incarnation().isPresent()) {
                promises.put(
                        member.name(),
                        new Promise(
                                member.name(),
                                report.incarnation().get(),
                                report.heldCommitment().get()));
            }
        }
    }

    /** Takes in what was revealed, {@code after} this long since the wait began. */
    void hear(Collection<HeldSignal> signals, Duration after) {
        signals.forEach(signal -> revealed.computeIfAbsent(signal.start(), any -> new ArrayList<>())
                .add(new Revealed(signal.secret(), after)));
    }

    /** The same fleet, in which the instances that have proven it have reached the goal. */
    FleetSnapshot applyTo(FleetSnapshot fleet) {
        long version = fleet.goal().version();
        return fleet.mapped(member -> member.pending()
                ? provenAt(member, version).map(member::reached).orElse(member)
                : member);
    }

    /** Whether each of these can still prove by a signal, whatever its next report says, that it holds for this version. */
    boolean canProveAll(Collection<FleetMember> members, long version) {
        return members.stream().allMatch(member -> promise(member, version).isPresent());
    }

    private Optional<Duration> provenAt(FleetMember member, long version) {
        return promise(member, version).flatMap(this::fulfilledAt);
    }

    private Optional<Promise> promise(FleetMember member, long version) {
        InstanceReport report = member.report();
        return Optional.ofNullable(promises.get(member.name()))
                .filter(promise -> promise.commitment().version() == version)
                .filter(promise -> report.incarnation().equals(Optional.of(promise.incarnation())))
                .filter(promise -> !contradicts(report, version));
    }

    private static boolean contradicts(InstanceReport report, long version) {
        Set<InstanceState> consistent = report.acknowledgedVersion() < version ? BEFORE : HOLDING;
        return report.acknowledgedVersion() > version || !consistent.contains(report.state());
    }

    private Optional<Duration> fulfilledAt(Promise promise) {
        Duration known = fulfilled.get(promise);
        if (known != null) {
            return Optional.of(known);
        }
        String digest = promise.commitment().digest();
        String start = digest.substring(0, Math.min(HeldSignal.START_LENGTH, digest.length()));
        List<Revealed> candidates = revealed.getOrDefault(start, List.of());
        Optional<Duration> found = candidates.stream()
                .filter(each -> digest(each.secret(), promise).equals(digest))
                .map(Revealed::after)
                .findFirst();
        found.ifPresent(after -> fulfilled.put(promise, after));
        return found;
    }

    private String digest(CommittedSecret secret, Promise promise) {
        return secret.heldDigest(
                member.name(),
                member.transitionId(),
                promise.name(),
                promise.incarnation(),
                promise.commitment().version());
    }
}
