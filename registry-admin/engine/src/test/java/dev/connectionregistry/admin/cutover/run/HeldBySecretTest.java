package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who counts as HELD without having reported it. The HOLD is version 8. */
class HeldBySecretTest {
    private static final Duration AFTER = Duration.ofMillis(3);

    private final CommittedSecret secret = CommittedSecret.random();
    private final String digest = secret.heldDigest(Stage.ORDERS, "c-1", "shop/a", "i-1", 8);
    private final HeldBySecret held =
            new HeldBySecret(Stage.run("c-1", Stage.options()).home());

    private InstanceReport report(
            InstanceState state, long acknowledged, String incarnation, long version, String said) {
        return InstanceReport.builder(Stage.ORDERS, "shop", "a")
                .state(state)
                .acknowledgedVersion(acknowledged)
                .heartbeat(Duration.ofSeconds(30))
                .reportedAt(Instant.EPOCH)
                .incarnation(Optional.of(incarnation))
                .heldCommitment(Optional.of(new HeldCommitment(version, said)))
                .build();
    }

    private InstanceReport ready() {
        return report(InstanceState.READY, 7, "i-1", 8, digest);
    }

    private static InstanceReport without(InstanceReport report) {
        return report.toBuilder().heldCommitment(Optional.empty()).build();
    }

    private static FleetSnapshot seen(InstanceReport... reports) {
        return new FleetProgress(new FleetGoal(FleetGoal.Kind.HELD, 8), 0).observe(List.of(reports), 0, Instant.EPOCH);
    }

    private void reveal(CommittedSecret what, String start) {
        held.hear(
                List.of(HeldSignal.parse(HeldSignal.applicationName(what, start))
                        .orElseThrow()),
                AFTER);
    }

    private boolean counts(InstanceReport report) {
        return held.applyTo(seen(report)).converged();
    }

    @Test
    void anInstanceThatRevealsWhatItCommittedToHolds() {
        held.note(seen(ready()));
        assertThat(counts(ready())).isFalse();
        reveal(secret, digest);
        FleetSnapshot fleet = held.applyTo(seen(ready()));
        assertThat(fleet.converged()).isTrue();
        assertThat(fleet.members()).extracting(FleetMember::reachedAfter).containsExactly(Optional.of(AFTER));
    }

    @Test
    void theCommitmentMayBeOfAnEarlierReportOfTheSameProcess() {
        held.note(seen(ready()));
        reveal(secret, digest);
        assertThat(counts(without(report(InstanceState.HOLDING, 8, "i-1", 8, digest))))
                .isTrue();
        assertThat(counts(without(report(InstanceState.HOLDING, 8, "i-2", 8, digest))))
                .as("another process")
                .isFalse();
    }

    @Test
    void whatIsRevealedBeforeItsCommitmentIsSeenCountsOnceItIs() {
        reveal(secret, digest);
        held.note(seen(ready()));
        assertThat(counts(ready())).isTrue();
    }

    @Test
    void anInstanceWithoutACommitmentHoldsOnlyByItsReport() {
        held.note(seen(without(ready())));
        reveal(secret, digest);
        assertThat(counts(without(ready()))).isFalse();
        assertThat(counts(without(report(InstanceState.HELD, 8, "i-1", 8, digest))))
                .isTrue();
    }

    @Test
    void onlyAnInstanceWhoseCommitmentIsSeenForThisVersionCanProveItByASignal() {
        assertThat(canProve(ready())).as("nothing was seen").isFalse();
        held.note(seen(ready()));
        assertThat(canProve(ready())).isTrue();
        assertThat(canProve(without(ready())))
                .as("the report of the same process")
                .isTrue();
        assertThat(canProve(report(InstanceState.PREPARING, 7, "i-1", 8, digest)))
                .as("a report that says otherwise")
                .isFalse();
        assertThat(canProve(report(InstanceState.READY, 7, "i-2", 8, digest)))
                .as("another process")
                .isFalse();
    }

    private boolean canProve(InstanceReport report) {
        return held.canProveAll(seen(report).pending(), 8);
    }

    @Test
    void aForgedNameCountsForNobody() {
        held.note(seen(ready()));
        reveal(CommittedSecret.random(), digest);
        assertThat(counts(ready())).isFalse();
        reveal(secret, digest);
        assertThat(counts(ready())).as("a forged one doesn't hide the true one").isTrue();
    }

    /** Each of these digests is made of the very secret that is revealed, for something else. */
    @ParameterizedTest
    @CsvSource({
        "orders,  c-1, shop/a, i-1, 9, the HOLD after this one",
        "orders,  c-1, shop/a, i-1, 7, an earlier HOLD",
        "orders,  c-2, shop/a, i-1, 8, another run",
        "billing, c-1, shop/a, i-1, 8, another database",
        "orders,  c-1, shop/b, i-1, 8, another instance",
        "orders,  c-1, shop/a, i-2, 8, another process",
    })
    void aSecretThatStandsForSomethingElseCountsForNobody(
            String database, String run, String instance, String incarnation, long version, String what) {
        String other = secret.heldDigest(new DatabaseName(database), run, instance, incarnation, version);
        InstanceReport report = report(InstanceState.READY, 7, "i-1", 8, other);
        held.note(seen(report));
        reveal(secret, other);
        assertThat(counts(report)).as(what).isFalse();
    }

    @Test
    void aCommitmentToAnotherHoldDoesntCountForThisOne() {
        String earlier = secret.heldDigest(Stage.ORDERS, "c-1", "shop/a", "i-1", 6);
        InstanceReport report = report(InstanceState.HELD, 6, "i-1", 6, earlier);
        held.note(seen(report));
        reveal(secret, earlier);
        assertThat(counts(report)).isFalse();
    }

    @Test
    void whatWasRevealedInAnEarlierWaitIsForgotten() {
        held.note(seen(ready()));
        reveal(secret, digest);
        held.begin();
        assertThat(counts(ready())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "READY,     7, true",
        "HOLDING,   7, true",
        "HELD,      7, true",
        "HOLDING,   8, true",
        "READY,     8, false",
        "ACTIVE,    7, false",
        "ACTIVE,    8, false",
        "PREPARING, 7, false",
        "REJECTED,  7, false",
        "READY,     9, false",
        "HELD,      9, true", // by its report
        "HOLDING,   9, false",
    })
    void aReportThatSaysOtherwiseCountsForMore(InstanceState state, long acknowledged, boolean counts) {
        held.note(seen(ready()));
        reveal(secret, digest);
        assertThat(counts(report(state, acknowledged, "i-1", 8, digest))).isEqualTo(counts);
    }

    @Test
    void anInstanceThatStartedMeanwhileIsWaitedFor() {
        held.note(seen(ready()));
        reveal(secret, digest);
        InstanceReport newcomer = InstanceReport.builder(Stage.ORDERS, "shop", "b")
                .heartbeat(Duration.ofSeconds(30))
                .reportedAt(Instant.EPOCH)
                .build();
        assertThat(held.applyTo(seen(ready(), newcomer)).pending())
                .extracting(FleetMember::name)
                .containsExactly("shop/b");
    }

    /** 1,000 secrets on 1,000 digests would be a million of them. */
    @Test
    void aLargeFleetCostsOneDigestForEachInstance() {
        InstanceReport[] reports = new InstanceReport[1_000];
        for (int i = 0; i < reports.length; i++) {
            CommittedSecret its = CommittedSecret.random();
            String said = its.heldDigest(Stage.ORDERS, "c-1", "shop/" + i, "i-1", 8);
            reports[i] = InstanceReport.builder(Stage.ORDERS, "shop", Integer.toString(i))
                    .state(InstanceState.READY)
                    .acknowledgedVersion(7)
                    .heartbeat(Duration.ofSeconds(30))
                    .reportedAt(Instant.EPOCH)
                    .incarnation(Optional.of("i-1"))
                    .heldCommitment(Optional.of(new HeldCommitment(8, said)))
                    .build();
            reveal(its, said);
        }
        FleetSnapshot fleet = seen(reports);
        held.note(fleet);
        long start = System.nanoTime();
        assertThat(held.applyTo(fleet).converged()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
}
