package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.FakeParticipant;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunTimes;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs whose coordinator and instances hear each other; instances report a second after they acted. */
class AnnouncedCutoverTest {
    private static final Duration INSTANT = Duration.ofMillis(20);

    private static final Pattern KEY =
            Pattern.compile("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{" + Commitment.DIGEST_LENGTH + "}(?![A-Za-z0-9_-])");

    private final Stage stage = new Stage();

    private static StepRecord step(CutoverResult result, Step which) {
        return result.steps().stream()
                .filter(each -> each.step() == which)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<Kind> announced() {
        return stage.signals.announced.stream().map(Announcement::kind).toList();
    }

    /** How often the whole fleet is read between two writes. */
    private long looksBetween(String from, String to) {
        List<String> events = stage.script.events();
        return events.subList(events.indexOf(from), events.indexOf(to)).stream()
                .filter("fleet"::equals)
                .count();
    }

    @Test
    void nobodyWaitsForAReportInTheHoldAndTheFleetIsReadOnce() {
        stage.signalledInstance("a");
        stage.signalledInstance("b");

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(announced()).containsExactly(Kind.HOLD, Kind.SWITCH);
        assertThat(step(result, Step.AWAIT_HELD).took()).isLessThan(INSTANT);
        assertThat(looksBetween("HOLD written", "raise")).isEqualTo(1);
    }

    @Test
    void anOutageOfTheRegistryWhileTheHoldIsPractisedEndsNothing() {
        stage.signalledInstance("a");
        stage.script.on(
                "sequences before",
                () -> stage.script.fail("fleet", 1, () -> {
                    throw ScriptedRegistry.unreachable();
                }));

        assertThat(stage.cutover(stage.signalled()).outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    /** What callers could wait is over at the switch; the reports that follow are the run's affair alone. */
    @Test
    void theReportsAfterTheSwitchAreNoPartOfTheHoldAndDontMakeTheRunFail() {
        stage.signalledInstance("a");

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(result.hold().orElseThrow()).isLessThan(INSTANT);
        StepRecord active = step(result, Step.AWAIT_ACTIVE);
        assertThat(active.took()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_500));
        assertThat(active.evidence()).contains("1 instance");
        assertThat(looksBetween("steady db2 written", "poll 30s"))
                .as("looks that are in nobody's way")
                .isLessThan(15);
    }

    @Test
    void aFleetPollsSlowlyWhereSignalsReachAllOfIt() {
        stage.signalledInstance("a");
        stage.signalledInstance("b");
        stage.servers.whoHear = 2;

        CutoverResult result = stage.cutover(pollingSlowly());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.events()).contains("poll 2s (normally 30s)");
        assertThat(step(result, Step.AWAIT_HELD).took()).isLessThan(INSTANT);
    }

    @Test
    void aFleetThatPollsSlowlyIsNotHeldBeforeSignalsReachAllOfIt() {
        stage.signalledInstance("a");
        stage.signalledInstance("b");
        stage.servers.whoHear = 1;

        CutoverResult result = stage.cutover(pollingSlowly());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("reach 1 of the 2 instances of 'orders'", "at most 200ms");
        assertThat(stage.events()).doesNotContain("HOLD", "raise");
        assertThat(announced()).doesNotContain(Kind.HOLD);
    }

    @Test
    void aFleetThatPollsSlowlyIsHeldAsSoonAsSignalsReachAllOfIt() {
        stage.signalledInstance("a");
        stage.script.on("who hears", () -> stage.script.on("who hears", () -> stage.servers.whoHear = 1));

        CutoverResult result = stage.cutover(pollingSlowly());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
    }

    private RunOptions pollingSlowly() {
        RunOptions usual = stage.signalled();
        RunTimes times = new RunTimes(
                usual.times().holdBudget(),
                usual.times().grace(),
                Duration.ofSeconds(2),
                usual.times().prepareTimeout(),
                usual.times().patience());
        return new RunOptions(usual.repeated(), times, true, usual.sourceAdmin(), usual.targetAdmin());
    }

    @Test
    void theWayBackIsAnnouncedToo() {
        stage.signalledInstance("a");
        stage.script.on("prepare proof", () -> stage.servers.targetSchema = "another schema");

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(announced()).containsExactly(Kind.HOLD, Kind.UNDO);
        assertThat(result.hold().orElseThrow()).isLessThan(Duration.ofMillis(100));
        assertThat(step(result, Step.AWAIT_BACK).took()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_500));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void signalsThatAreCutAtAnyMomentChangeNothingButTheTime(Kind from) {
        stage.signalledInstance("a");
        stage.signalledInstance("b");
        if (from == Kind.UNDO) {
            stage.script.on("prepare proof", () -> stage.servers.targetSchema = "another schema");
        }
        String write = from == Kind.HOLD ? "HOLD" : from == Kind.SWITCH ? "steady db2" : "steady db1";
        stage.script.on(write, stage.signals::cut);

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome())
                .as(result.toString())
                .isEqualTo(from == Kind.UNDO ? RunOutcome.UNDONE : RunOutcome.SWITCHED);
        assertThat(stage.host()).isEqualTo(from == Kind.UNDO ? "db1" : "db2");
    }

    @Test
    void instancesThatHearNothingAreWaitedForByReport() {
        stage.signalledInstance("a");
        stage.instance("b");

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(looksBetween("HOLD written", "raise")).isEqualTo(2);
    }

    @Test
    void anInstanceThatStartsBetweenReadyAndTheLookIsWaitedForByReport() {
        stage.signalledInstance("a");
        stage.script.on("HOLD", () -> stage.instance("late").busy(true));

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("not every instance released its connections", "checkout/late is HOLDING");
    }

    @Test
    void anotherProcessUnderTheNameOfOneThatHoldsIsWaitedFor() {
        FakeParticipant a = stage.signalledInstance("a");
        stage.script.on("HOLD written", () -> a.restart().busy(true).tick());

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("not every instance released its connections", "checkout/a is HOLDING");
    }

    @Test
    void aForgedNameOfASessionCountsForNobody() {
        FakeParticipant a = stage.signalledInstance("a").busy(true);
        stage.script.on(
                "HOLD written",
                () -> stage.signals.reveal(HeldSignal.parse(HeldSignal.applicationName(
                                CommittedSecret.random(),
                                a.commitment().orElseThrow().digest()))
                        .orElseThrow()));

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("not every instance released its connections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLD", "HOLD written", "steady db2", "steady db2 written"})
    void nothingIsRevealedAfterAWriteOfUnknownOutcome(String event) {
        stage.signalledInstance("a");
        stage.script.fail(event, 1, () -> {
            throw ScriptedRegistry.unknown();
        });

        CutoverResult result = stage.cutover(stage.signalled());

        Kind write = event.startsWith("HOLD") ? Kind.HOLD : Kind.SWITCH;
        assertThat(stage.signals.announced(write)).isEmpty();
        assertThat(result.outcome())
                .as(result.toString())
                .isEqualTo(event.equals("steady db2 written") ? RunOutcome.SWITCHED : RunOutcome.UNDONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLD", "steady db2"})
    void nothingIsRevealedOnceTheLockIsLost(String event) {
        stage.signalledInstance("a");
        stage.script.on(event, stage::stealLock);

        CutoverResult result = stage.cutover(stage.signalled());

        assertThat(result.outcome()).isEqualTo(RunOutcome.TAKEN_OVER);
        assertThat(announced()).doesNotContain(event.equals("HOLD") ? Kind.HOLD : Kind.SWITCH);
    }

    private void dieAt(String event) {
        stage.signalledInstance("a");
        stage.script.crash(event);
        assertThatThrownBy(() -> stage.cutover(stage.signalled())).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        stage.signals.announced.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLD written", "raise", "barrier", "sequences"})
    void whoResumesAHoldHoldsAgainAndNeverPrepares(String event) {
        dieAt(event);
        long before = stage.current().version();

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.events()).contains("HOLD").doesNotContain("PREPARE");
        assertThat(announced()).containsExactly(Kind.SWITCH);
        assertThat(stage.signals.announced.get(0).version()).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLD written", "raise", "barrier"})
    void whoAbortsAHoldHasTheFleetReadItAndRevealsNothing(String event) {
        dieAt(event);
        int before = stage.signals.hints;

        CutoverResult result = stage.takeOver(Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events()).doesNotContain("HOLD", "PREPARE");
        assertThat(announced()).isEmpty();
        assertThat(stage.signals.hints).isGreaterThan(before);
        assertThat(stage.host()).isEqualTo("db1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PREPARE written", "HOLD"})
    void whoResumesAPrepareWritesItAgainSoThatTheHoldCanBeAnnounced(String event) {
        dieAt(event);

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.events()).containsSubsequence("PREPARE", "HOLD");
        assertThat(announced()).containsExactly(Kind.HOLD, Kind.SWITCH);
    }

    /** Whatever looks like one must be a digest that is published on purpose. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HOLD written", "steady db2"})
    void noSecretIsInTheTableTheJournalOrAText(String failure) {
        stage.signalledInstance("a");
        stage.signalledInstance("b");
        if (!failure.isEmpty()) {
            stage.script.fail(failure, 1, () -> {
                throw ScriptedRegistry.unknown();
            });
        }
        List<String> texts = new ArrayList<>();
        Set<String> digests = new HashSet<>();
        stage.timing.eachPause(() -> {
            stage.registry.fleet(Stage.ORDERS).stream()
                    .map(InstanceReport::heldCommitment)
                    .flatMap(Optional::stream)
                    .forEach(each -> digests.add(each.digest()));
            stage.registry.journals(Stage.ORDERS, 9).forEach(journal -> texts.add(journal.toString()));
            texts.add(stage.registry.fleet(Stage.ORDERS).toString());
            texts.add(stage.registry.lock(Stage.ORDERS).toString());
        });

        CutoverResult result = stage.cutover(stage.signalled());

        stage.registry.history(Stage.ORDERS, 99).forEach(version -> {
            texts.add(SettingsCodec.toDocument(version).toString());
            texts.add(version.toString());
            version.transition().map(Transition::commitments).stream()
                    .flatMap(List::stream)
                    .map(Commitment::digest)
                    .forEach(digests::add);
        });
        texts.add(result.toString());
        texts.addAll(stage.warnings);
        texts.add(stage.signals.announced.toString());
        RunSummary summary = new RunSummary(result, new CommandText(() -> "registry-admin"));
        texts.add(summary.headline());
        summary.problem().ifPresent(problem -> texts.add(problem.toString()));

        assertThat(digests).hasSizeGreaterThan(5);
        assertThat(texts.stream().flatMap(AnnouncedCutoverTest::keys))
                .isNotEmpty()
                .isSubsetOf(digests);
        stage.signals.announced.forEach(
                each -> assertThat(digests).doesNotContain(each.secret().reveal()));
    }

    private static Stream<String> keys(String text) {
        Matcher matcher = KEY.matcher(text);
        List<String> keys = new ArrayList<>();
        while (matcher.find()) {
            keys.add(matcher.group());
        }
        return keys.stream();
    }
}
