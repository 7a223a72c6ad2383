package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.run.RunPhases.Written;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is revealed, and after what. Version 1 is steady, so PREPARE is 2, HOLD 3 and what follows 4. */
class RunPhasesTest {
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final InMemoryRegistry table = new InMemoryRegistry();
    private final Script script = new Script();
    private final RunSpec spec = Stage.run("c-1", new Stage().signalled());
    private final RunRegistry registry = registry(spec);
    private final RunPhases phases = new RunPhases(spec, registry);

    private RunRegistry registry(RunSpec of) {
        ScriptedRegistry scripted = new ScriptedRegistry(table, script);
        return new RunRegistry(scripted, scripted, new Authorship(() -> "alice", Clock.systemUTC()), of);
    }

    @BeforeEach
    void theLockIsOurs() throws StepFailure {
        table.put("orders", Stage.SOURCE);
        registry.take(false);
        registry.look();
    }

    private static Written only(List<Written> phases) {
        assertThat(phases).hasSize(1);
        return phases.get(0);
    }

    private VersionedSettings standing() {
        return ((ReadResult.Found) table.read(Stage.ORDERS)).settings();
    }

    /** That an instance which has read {@code before} concludes from it what really stands. */
    private void assertTells(Written written, VersionedSettings before) {
        Announcement announcement = written.announcement().orElseThrow();
        Transition transition = before.transition().orElseThrow();
        assertThat(announcement.isProvenBy(Stage.ORDERS, transition)).isTrue();
        assertThat(announcement.version()).isEqualTo(standing().version()).isEqualTo(written.version());
        assertThat(AnnouncedContent.of(announcement.kind(), announcement.version(), before.settings(), transition))
                .isEqualTo(
                        new AnnouncedContent(standing().settings(), standing().transition()));
    }

    private static List<String> committed(VersionedSettings settings) {
        return settings.transition().orElseThrow().commitments().stream()
                .map(commitment -> commitment.kind() + " " + commitment.version())
                .toList();
    }

    @Test
    void eachPhaseCommitsToAllThatMayFollowAndIsAnnouncedOnceItStands() throws StepFailure {
        assertThat(only(phases.prepare()).announcement()).isEmpty();
        VersionedSettings prepared = standing();
        assertThat(committed(prepared)).containsExactly("hold 3", "switch 4", "undo 3", "undo 4");

        assertTells(only(phases.hold(BOUND)), prepared);
        VersionedSettings held = standing();
        assertThat(committed(held)).containsExactly("switch 4", "undo 4");

        Written switched = only(phases.switchOver(BOUND));
        assertTells(switched, held);
        assertTells(switched, prepared);
        assertThat(standing().settings().endpoint().host()).isEqualTo("db2");
    }

    @Test
    void practisingWritesNothingAndLeavesTheAnnouncementsAsTheyWere() throws StepFailure {
        phases.prepare();
        VersionedSettings prepared = standing();
        phases.practise();
        assertThat(standing()).isEqualTo(prepared);

        assertTells(only(phases.hold(BOUND)), prepared);
        VersionedSettings held = standing();
        assertTells(only(phases.switchOver(BOUND)), held);
    }

    @Test
    void theWayBackIsAnnouncedFromBothPhases() throws StepFailure {
        phases.prepare();
        VersionedSettings prepared = standing();
        assertTells(only(phases.undo(spec.members())), prepared);
        assertThat(standing().version()).isEqualTo(3);

        phases.prepare();
        VersionedSettings again = standing();
        phases.hold(BOUND);
        VersionedSettings held = standing();
        Written undone = only(phases.undo(spec.members()));
        assertTells(undone, held);
        assertTells(undone, again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLD", "HOLD written"})
    void nothingIsRevealedAfterAHoldOfUnknownOutcomeAlsoIfALookFindsIt(String event) throws StepFailure {
        phases.prepare();
        VersionedSettings prepared = standing();
        script.fail(event, 1, () -> {
            throw ScriptedRegistry.unknown();
        });
        assertThatThrownBy(() -> phases.hold(BOUND)).isInstanceOf(RegistryException.class);

        registry.take(false);
        registry.look();
        assertTells(only(phases.undo(spec.members())), prepared); // which is certain again
    }

    @ParameterizedTest
    @ValueSource(strings = {"steady db2", "steady db2 written"})
    void nothingIsRevealedAfterASwitchOfUnknownOutcomeAlsoIfALookFindsIt(String event) throws StepFailure {
        phases.prepare();
        phases.hold(BOUND);
        script.fail(event, 1, () -> {
            throw ScriptedRegistry.unknown();
        });
        assertThatThrownBy(() -> phases.switchOver(BOUND)).isInstanceOf(RegistryException.class);
    }

    @Test
    void nothingIsRevealedOnceTheLockIsLost() throws StepFailure {
        phases.prepare();
        CutoverLock lock = table.lock(Stage.ORDERS).orElseThrow();
        table.writeLock(
                new CutoverLock(Stage.ORDERS, lock.epoch() + 1, "c-1", true, "theirs", "mallory", Instant.EPOCH));
        assertThatThrownBy(() -> phases.hold(BOUND)).isInstanceOf(StepFailure.class);
        assertThatThrownBy(() -> phases.undo(spec.members())).isInstanceOf(StepFailure.class);
        assertThat(standing().version()).isEqualTo(2);
    }

    @Test
    void whoTakesOverAHoldHoldsAgainWithCommitmentsOfItsOwnAndAnnouncesOnlyWhatFollows() throws StepFailure {
        phases.prepare();
        phases.hold(BOUND);
        List<Commitment> theirs = standing().transition().orElseThrow().commitments();

        RunRegistry lock = registry(spec);
        lock.take(true);
        lock.look();
        RunPhases successor = new RunPhases(spec, lock);
        assertThat(only(successor.hold(BOUND)).announcement())
                .as("nobody could check it")
                .isEmpty();
        VersionedSettings held = standing();
        assertThat(held.transition().orElseThrow().phase()).isEqualTo(Transition.Phase.HOLD);
        assertThat(committed(held)).containsExactly("switch 5", "undo 5");
        assertThat(held.transition().orElseThrow().commitments()).doesNotContainAnyElementsOf(theirs);
        assertTells(only(successor.switchOver(BOUND)), held);
    }

    @Test
    void whoTakesOverAPrepareAndPreparesAgainAnnouncesAllThatFollows() throws StepFailure {
        phases.prepare();
        RunRegistry lock = registry(spec);
        lock.take(true);
        lock.look();
        RunPhases successor = new RunPhases(spec, lock);
        successor.prepare();
        VersionedSettings prepared = standing();
        assertThat(committed(prepared)).containsExactly("hold 4", "switch 5", "undo 4", "undo 5");
        assertTells(only(successor.hold(BOUND)), prepared);
    }

    @Test
    void whoTakesOverToGoBackAnnouncesNothing() throws StepFailure {
        phases.prepare();
        RunRegistry lock = registry(spec);
        lock.take(true);
        lock.look();
        assertThat(only(new RunPhases(spec, lock).undo(spec.members())).announcement())
                .isEmpty();
    }

    /** An instance that knows only our PREPARE would conclude other settings than those that stand. */
    @Test
    void nothingIsRevealedOnTopOfWhatSomebodyElseWrote() throws StepFailure {
        phases.prepare();
        VersionedSettings prepared = standing();
        ConnectionSettings other = Stage.SOURCE.withEndpoint(Endpoint.parse("db9:5432/orders"));
        table.write(
                new VersionedSettings(
                        Stage.ORDERS, 3, other, prepared.change(), false, prepared.transition(), prepared.unknown()),
                2);
        registry.look();
        Written undone = only(phases.undo(spec.members()));
        assertThat(undone.version()).isEqualTo(4);
        assertThat(undone.announcement()).isEmpty();
    }

    @Test
    void aRunWithoutSignalsCommitsItselfToNothing() throws StepFailure {
        RunPhases silent = new RunPhases(spec.with(Stage.options()), registry);
        silent.prepare();
        assertThat(committed(standing())).isEmpty();
        assertThat(only(silent.hold(BOUND)).announcement()).isEmpty();
        assertThat(committed(standing())).isEmpty();
        assertThat(only(silent.switchOver(BOUND)).announcement()).isEmpty();
    }

    @Test
    void noSecretIsInATextOfWhatHasOne() {
        RunSecrets secrets = new RunSecrets(spec.home(), true);
        List<Commitment> commitments = secrets.forPrepare(2);
        Optional<Announcement> announcement = secrets.announcement(Kind.SWITCH, 4);
        String secret = announcement.orElseThrow().secret().reveal();
        assertThat(secrets + " " + commitments + " " + announcement + " " + new Written(spec.home(), 4, announcement))
                .doesNotContain(secret);
        assertThat(secrets.announcement(Kind.SWITCH, 3)).isEmpty();
        secrets.forHold(4);
        assertThat(secrets.announcement(Kind.SWITCH, 4)).as("of before").isEmpty();
    }
}
