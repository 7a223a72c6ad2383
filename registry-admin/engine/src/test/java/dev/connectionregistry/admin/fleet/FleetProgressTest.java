package dev.connectionregistry.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetProgressTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final FleetProgress progress = new FleetProgress(FleetGoal.active(5), 0);

    @Test
    void takesAFreshReportForALiveInstance() {
        assertThat(observe(0, report(1, NOON, InstanceState.ACTIVE, 4, 0)).liveness())
                .isEqualTo(Liveness.LIVE);
    }

    @Test
    void takesAnOldReportForASilentInstance() {
        Instant old = NOON.minusSeconds(91);
        assertThat(observe(0, report(1, old, InstanceState.ACTIVE, 4, 0)).liveness())
                .isEqualTo(Liveness.SILENT);
    }

    @Test
    void believesAChangingSequenceMoreThanTheClocks() {
        Instant old = NOON.minusSeconds(3600);
        observe(0, report(1, old, InstanceState.ACTIVE, 4, 0));
        FleetMember later = observe(10, report(2, old.plusSeconds(10), InstanceState.ACTIVE, 4, 0));
        assertThat(later.liveness()).isEqualTo(Liveness.LIVE);
        assertThat(later.pending()).isTrue();
    }

    @Test
    void takesALiveInstanceForSilentOnceItStopsChanging() {
        Instant ahead = NOON.plusSeconds(3600);
        observe(0, report(1, ahead, InstanceState.ACTIVE, 4, 0));
        observe(10, report(2, ahead, InstanceState.ACTIVE, 4, 0));
        assertThat(observe(100, report(2, ahead, InstanceState.ACTIVE, 4, 0)).liveness())
                .isEqualTo(Liveness.LIVE);
        assertThat(observe(101, report(2, ahead, InstanceState.ACTIVE, 4, 0)).liveness())
                .isEqualTo(Liveness.SILENT);
        assertThat(observe(102, report(3, ahead, InstanceState.ACTIVE, 4, 0)).liveness())
                .isEqualTo(Liveness.LIVE);
    }

    @Test
    void countsOnlyAnActivePoolOfTheVersionAsArrived() {
        assertThat(observe(1, report(1, NOON, InstanceState.REJECTED, 5, 0)).pending())
                .isTrue();
        assertThat(observe(2, report(2, NOON, InstanceState.ACTIVE, 4, 0)).pending())
                .isTrue();
        assertThat(observe(3, report(3, NOON, InstanceState.ACTIVE, 6, 0)).reachedAfter())
                .contains(Duration.ofSeconds(3));
        assertThat(observe(9, report(4, NOON, InstanceState.ACTIVE, 6, 0)).reachedAfter())
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void takesNobodyAheadOfTheTableForArrived() {
        InstanceReport ahead = report(1, NOON, InstanceState.ACTIVE, 5, 0);
        FleetSnapshot fleet = progress.observe(List.of(ahead), 0, NOON, Optional.of(4L));
        assertThat(fleet.ahead()).hasSize(1);
        assertThat(fleet.converged()).isFalse();
        assertThat(FleetEvents.ahead(fleet).orElseThrow())
                .contains("1 of 1 live instances are ahead", "checkout/a has seen version 5", "table is at version 4");
        assertThat(progress.observe(List.of(ahead), 0, NOON, Optional.of(5L)).converged())
                .isTrue();
    }

    @Test
    void waitsNoLongerForOneThatStopped() {
        assertThat(observe(1, report(1, NOON, InstanceState.STOPPED, 4, 0)).pending())
                .isFalse();
    }

    @Test
    void leavesOutThoseThatHadStoppedBefore() {
        FleetSnapshot first = snapshot(0, report(1, NOON, InstanceState.STOPPED, 4, 0));
        assertThat(first.involved().members()).isEmpty();
        assertThat(FleetEvents.between(new FleetSnapshot(FleetGoal.active(5), List.of()), first))
                .isEmpty();
        snapshot(1, report(2, NOON, InstanceState.ACTIVE, 4, 0));
        FleetProgress another = new FleetProgress(FleetGoal.active(5), 0);
        another.observe(List.of(report(1, NOON, InstanceState.ACTIVE, 4, 0)), 0, NOON);
        assertThat(another.observe(List.of(report(2, NOON, InstanceState.STOPPED, 4, 0)), 1, NOON)
                        .involved()
                        .members())
                .as("it stopped while being watched")
                .hasSize(1);
    }

    @Test
    void explainsWhomAWaitStallsOn() {
        observe(0, report(1, NOON, InstanceState.ACTIVE, 4, 0));
        assertThat(snapshot(30, report(1, NOON, InstanceState.ACTIVE, 4, 0)).stalledBy())
                .isEmpty();
        FleetSnapshot late = snapshot(31, report(1, NOON, InstanceState.ACTIVE, 4, 0));
        assertThat(late.stalledBy()).hasSize(1);
        assertThat(FleetEvents.overdue(late.members().get(0)))
                .isEqualTo("checkout/a: nothing heard for 31.0s; counts as gone after 1m30s");
        assertThat(snapshot(91, report(1, NOON, InstanceState.ACTIVE, 4, 0)).stalledBy())
                .as("it is silent now")
                .isEmpty();
    }

    @Test
    void countsConnectionsCutSinceItBeganToWatch() {
        observe(0, report(1, NOON, InstanceState.ACTIVE, 4, 7));
        assertThat(observe(1, report(2, NOON, InstanceState.ACTIVE, 5, 9)).cutConnections())
                .isEqualTo(2);
        assertThat(observe(2, report(1, NOON, InstanceState.ACTIVE, 5, 1)).cutConnections())
                .as("of a new process with the same name")
                .isZero();
    }

    @Test
    void keepsCausesOfOlderVersionsOutOfAMove() {
        FleetGoal next = FleetGoal.active(6);
        FleetProgress moving = new FleetProgress(next, 0);
        InstanceReport refusing = report(1, NOON, InstanceState.REJECTED, 4, 0);
        assertThat(FleetEvents.between(new FleetSnapshot(next, List.of()), moving.observe(List.of(refusing), 0, NOON)))
                .as("it refuses version 5")
                .containsExactly("checkout/a is REJECTED on version 4 (db:1/x)");
        assertThat(FleetEvents.problem(
                        next,
                        withError("version 5 can't be used: no route").toBuilder()
                                .refusedVersion(Optional.of(5L))
                                .build()))
                .isEmpty();
        assertThat(FleetEvents.problem(
                        next,
                        withError("version 6 can't be used: no route").toBuilder()
                                .refusedVersion(Optional.of(6L))
                                .build()))
                .isPresent();
        assertThat(FleetEvents.problem(next, withError("the registry is out of reach")))
                .isPresent();
    }

    @Test
    void tellsEachThingOnce() {
        FleetSnapshot nothing = new FleetSnapshot(FleetGoal.active(5), List.of());
        FleetSnapshot first = snapshot(0, report(1, NOON, InstanceState.ACTIVE, 4, 0));
        FleetSnapshot refused = snapshot(1, report(2, NOON, InstanceState.REJECTED, 4, 0));
        FleetSnapshot arrived = snapshot(2, report(3, NOON, InstanceState.ACTIVE, 5, 0));

        assertThat(FleetEvents.between(nothing, first)).containsExactly("checkout/a is ACTIVE on version 4 (db:1/x)");
        assertThat(FleetEvents.between(first, first)).isEmpty();
        assertThat(FleetEvents.between(first, refused))
                .containsExactly("checkout/a refuses version 5, stays on 4: no route");
        assertThat(FleetEvents.between(refused, refused)).isEmpty();
        assertThat(FleetEvents.between(refused, arrived))
                .containsExactly("checkout/a serves version 5 from db:1/x after 2.00s");
    }

    private FleetMember observe(long second, InstanceReport report) {
        return snapshot(second, report).members().get(0);
    }

    private FleetSnapshot snapshot(long second, InstanceReport report) {
        return progress.observe(List.of(report), Duration.ofSeconds(second).toNanos(), NOON.plusSeconds(second));
    }

    private static InstanceReport withError(String error) {
        return report(1, NOON, InstanceState.REJECTED, 4, 0, Optional.of(error));
    }

    private static InstanceReport report(long sequence, Instant at, InstanceState state, long version, long cut) {
        Optional<String> error = state == InstanceState.REJECTED ? Optional.of("no route") : Optional.empty();
        return report(sequence, at, state, version, cut, error);
    }

    private static InstanceReport report(
            long sequence, Instant at, InstanceState state, long version, long cut, Optional<String> error) {
        return InstanceReport.builder(new DatabaseName("orders"), "checkout", "a")
                .state(state)
                .version(version)
                .acknowledgedVersion(5)
                .endpoint("db:1/x")
                .pollInterval(HEARTBEAT)
                .heartbeat(HEARTBEAT)
                .sequence(sequence)
                .since(at)
                .reportedAt(at)
                .cutConnections(cut)
                .lastError(error)
                .clientVersion("test")
                .build();
    }
}
