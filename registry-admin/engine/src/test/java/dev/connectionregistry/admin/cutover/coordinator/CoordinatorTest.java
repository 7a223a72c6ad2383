package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatorTest {
    /** What runs side by side behind the barrier. */
    private static final List<String> BESIDE = List.of("sequences", "refusal", "reverse slot");

    private static final String QUICK = "poll 100ms (normally 30s)";

    private final Stage stage = new Stage();

    @Test
    void doesEverythingInOrder() {
        stage.instance("a");
        stage.instance("b");

        CutoverResult result = stage.cutover(Stage.options("back", "public.orders"));

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        List<String> events = stage.events();
        assertThat(events.subList(0, 8))
                .containsExactly("lock", "open session", QUICK, "PREPARE", "HOLD", "raise", "prove", "barrier");
        assertThat(events.subList(8, 11)).containsExactlyInAnyOrder("sequences", "refusal", "reverse slot");
        assertThat(events.subList(11, events.size())).containsExactly("steady db2", "poll 30s", "unlock");
        assertThat(result.steps().stream().map(StepRecord::step))
                .containsSubsequence(Step.BARRIER, Step.SEQUENCES, Step.VERIFY, Step.REVERSE_SLOT, Step.SWITCH);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.servers.locked()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
        assertThat(journal()).containsEntry("outcome", "SWITCHED").containsEntry("by", "alice");
        assertThat(result.hold().orElseThrow()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void settlesWhatTheJvmPutOffOnceJustBeforeCallersWait() {
        stage.instance("a");
        List<List<String>> before = new ArrayList<>();
        stage.timing.onSettle(() -> before.add(List.copyOf(stage.events())));

        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);

        assertThat(before).containsExactly(List.of("lock", "open session", QUICK, "PREPARE"));
    }

    @Test
    void goesOnWhereNobodyCanBeToldOfIt() {
        stage.instance("a");
        stage.script.on(
                "HOLD",
                () -> stage.telling = () -> {
                    throw new IllegalStateException("the screen is gone");
                });
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void goesOnWhereTellingOfItIsBeyondTheMachine() {
        stage.instance("a");
        stage.script.on(
                "HOLD",
                () -> stage.telling = () -> {
                    throw new NoClassDefFoundError("half an installation");
                });
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void doesNotSwitchToAServerThatTakesNoWritesAsHoldIsWritten() {
        stage.instance("a");
        stage.script.on(
                "prepare proof",
                () -> stage.script.fail("writable", () -> {
                    throw new ServerException(Kind.NOT_SO, "read-only since a moment ago", null);
                }));
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("read-only since a moment ago");
        assertThat(stage.events()).doesNotContain("steady db2");
        assertBack();
    }

    @Test
    void looksAtTheSourceBehindTheBarrierIfItHasNoSecondSession() {
        stage.instance("a");
        stage.servers.secondSession = false;
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.script.events())
                .containsSubsequence("barrier", "source schema", "steady db2")
                .doesNotContain("look at the source");
    }

    @Test
    void isUndoneIfTheSecondSessionOnTheSourceIsLostInTheHold() {
        stage.instance("a");
        stage.script.fail("look at the source", () -> {
            throw new ServerException(Kind.SESSION_LOST, "the look's session is gone", null);
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("the look's session is gone");
        assertBack();
    }

    @Test
    void doesNotSwitchWhereTheSourceTakesAWrite() {
        stage.instance("a");
        stage.script.fail("refusal", () -> {
            throw new ServerException(Kind.NOT_SO, "a write was not refused", null);
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("a write was not refused");
        assertThat(stage.events()).contains("raise", "lower").doesNotContain("steady db2");
        assertBack();
    }

    /** What fails before the hold costs nobody a wait. */
    @ParameterizedTest
    @ValueSource(strings = {"barrier before", "sequences before"})
    void doesNotHoldWhereWhatTheHoldWouldDoFailsBeforeIt(String what) {
        stage.instance("a");
        stage.script.fail(what, () -> {
            throw new ServerException(Kind.TIMED_OUT, "replication stands still", null);
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("replication stands still");
        assertThat(stage.events()).doesNotContain("HOLD", "raise", "lower");
        assertBack();
    }

    @Test
    void isRefusedWhereTheServicesLoginCannotBeTriedFromHere() {
        stage.instance("a");
        stage.script.fail("service login", () -> {
            throw new ServerException(Kind.REFUSED, "environment variable ORDERS_PASSWORD is not set", null);
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("ORDERS_PASSWORD");
    }

    @Test
    void aRehearsalFencesNothingAndLeavesTheSequencesAlone() {
        stage.instance("a");
        CutoverResult result = stage.rehearsal(Stage.options("back", "public.orders"));
        assertThat(result.outcome()).isEqualTo(RunOutcome.REHEARSED);
        assertThat(stage.events())
                .containsExactly("lock", "open session", QUICK, "PREPARE", "HOLD", "steady db1", "poll 30s", "unlock");
        assertThat(stage.script.events()).contains("barrier before").doesNotContain("sequences before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"raise", "prove", "barrier", "sequences", "reverse slot"})
    void lowersTheFenceBeforeItLetsCallersGoWhateverFailsBehindIt(String step) {
        stage.instance("a");
        stage.script.fail(step, () -> {
            throw new ServerException(Kind.NOT_SO, step + " is not so", null);
        });

        CutoverResult result = stage.cutover(Stage.options("back", "public.orders"));

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).isEqualTo(step + " is not so");
        List<String> after = stage.events()
                .subList(stage.events().indexOf(step) + 1, stage.events().size());
        assertThat(after)
                .filteredOn(event -> !BESIDE.contains(event))
                .containsExactly("lower", "steady db1", "poll 30s", "drop reverse slot", "unlock");
        assertThat(after.subList(after.indexOf("lower"), after.size())).doesNotContainAnyElementsOf(BESIDE);
        assertBack();
    }

    /** What is begun behind the barrier may wait for a lock; the undo must not overtake it. */
    @ParameterizedTest
    @CsvSource({"sequences, look at the source", "reverse slot, sequences"})
    void endsWhatRunsBesideAStepThatFailsBeforeItUndoesAnything(String blocked, String failing) {
        stage.instance("a");
        CountDownLatch cancelled = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        stage.script.on("cancel target", cancelled::countDown);
        stage.script.on("lower", () -> order.add("lower"));
        stage.script.fail(blocked, () -> {
            cancelled.await();
            order.add("end of " + blocked);
            throw new ServerException(Kind.REFUSED, "cancelled", null);
        });
        stage.script.fail(failing, () -> {
            throw new ServerException(Kind.NOT_SO, failing + " is not so", null);
        });
        CutoverResult result = stage.cutover(Stage.options("back", "public.orders"));
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).isEqualTo(failing + " is not so");
        assertThat(order).containsExactly("end of " + blocked, "lower");
        assertThat(stage.events()).contains("drop reverse slot");
        assertBack();
    }

    @Test
    void endsWhatRunsBesideAStepThatIsNotBegunBecauseTheOperatorStoppedTheRun() {
        stage.instance("a");
        CountDownLatch cancelled = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        stage.script.on("cancel target", cancelled::countDown);
        stage.script.on("lower", () -> order.add("lower"));
        stage.script.on("sequences", stage.timing::stop);
        stage.script.fail("reverse slot", () -> {
            cancelled.await();
            order.add("end of the slot");
            throw new ServerException(Kind.REFUSED, "cancelled", null);
        });
        CutoverResult result = stage.cutover(Stage.options("back", "public.orders"));
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).startsWith("stopped by the operator");
        assertThat(order).containsExactly("end of the slot", "lower");
        assertBack();
    }

    @ParameterizedTest
    @CsvSource({"PREPARE,false", "PREPARE,true", "HOLD,false", "HOLD,true", "steady db2,false"})
    void settlesAWriteOfWhichNobodyKnowsByTheNextEpoch(String write, boolean tookEffect) {
        stage.instance("a");
        stage.script.fail(tookEffect ? write + " written" : write, 1, () -> {
            throw ScriptedRegistry.unknown();
        });

        CutoverResult result = stage.cutover();

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events()
                        .subList(
                                stage.events().indexOf(write) + 1,
                                stage.events().size()))
                .startsWith("lock");
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().epoch()).isEqualTo(3);
        assertBack();
    }

    @Test
    void goesOnForwardIfTheSwitchTookEffectThoughItsAnswerWasLost() {
        stage.instance("a");
        stage.script.fail("steady db2 written", 1, () -> {
            throw ScriptedRegistry.unknown();
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.events()).doesNotContain("lower");
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.host()).isEqualTo("db2");
    }

    @Test
    void neverLowersAFenceWithoutItsSession() {
        stage.instance("a");
        stage.script.on("barrier", stage.servers::loseSession).fail("barrier", () -> {
            throw new ServerException(Kind.SESSION_LOST, "the source is gone", null);
        });

        CutoverResult result = stage.cutover();

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events()
                        .subList(
                                stage.events().indexOf("barrier") + 1,
                                stage.events().size()))
                .containsExactly("lock", "take over session", "lower", "steady db1", "poll 30s", "unlock");
        assertBack();
    }

    @Test
    void takesALostSessionOnTheTargetForNoMoreThanAFailure() {
        stage.instance("a");
        stage.script.fail("sequences", () -> {
            throw new ServerException(Kind.SESSION_LOST, "the target is gone", null);
        });
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events()).doesNotContain("take over session").contains("lower");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PREPARE", "HOLD", "steady db2"})
    void doesNothingMoreOnceTheLockIsGone(String write) {
        stage.instance("a");
        stage.script.on(write, stage::stealLock);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.TAKEN_OVER);
        assertThat(result.state().cause()).contains("mallory");
        assertThat(stage.events()).endsWith(write);
    }

    /** It slept between its look and taking the session; the one that came meanwhile may be about to switch behind its fence. */
    @Test
    void lowersNoFenceWithASessionThatItTookFromItsSuccessor() {
        stage.instance("a");
        stage.script.fail("barrier", () -> {
            stage.servers.loseSession();
            throw new ServerException(Kind.SESSION_LOST, "gone", null);
        });
        stage.script.on("take over session", stage::stealLock);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.TAKEN_OVER);
        assertThat(stage.events()).endsWith("take over session").doesNotContain("lower");
    }

    @Test
    void isRefusedWithoutATraceWhereACheckFails() {
        stage.servers.targetSchema = "other";
        stage.instance("old").protocol(1).tick();
        stage.instance("a");
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause())
                .contains("the schemas differ")
                .contains("checkout/old is a plain member: it follows moves, but doesn't hold its callers");
        assertThat(stage.events()).containsExactly("lock", "open session", "unlock");
        assertThat(stage.current().version()).isEqualTo(1);
    }

    @Test
    void isRefusedWhileAnotherRunHasTheLock() {
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-other", true, "t", "carol", stage.timing.now()));
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(result.state().cause()).contains("c-other", "carol", "epoch 1");
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().epoch()).isEqualTo(1);
    }

    @Test
    void undoesWhenTheOperatorStopsIt() {
        stage.instance("a");
        stage.script.on("prove", stage.timing::stop);
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).isEqualTo("stopped by the operator");
        assertThat(stage.events()).doesNotContain("barrier").contains("lower");
        assertBack();
    }

    @Test
    void undoesWhenTheBudgetIsSpentAndSaysOnWhat() {
        stage.instance("a");
        stage.script.on("prove", () -> stage.timing.rest(Duration.ofSeconds(6)));
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause())
                .contains("hold budget of 5s is spent", "prove that the fence holds took 6.00s");
        assertThat(stage.events()).doesNotContain("barrier");
        assertBack();
    }

    @Test
    void sitsTroubleOutOnTheWayBack() {
        stage.instance("a");
        stage.script
                .fail("barrier", () -> {
                    throw new ServerException(Kind.TIMED_OUT, "12 bytes behind", null);
                })
                .fail("lower", 3, () -> {
                    throw new ServerException(Kind.REFUSED, "locked by somebody", null);
                })
                .fail("steady db1", 3, () -> {
                    throw ScriptedRegistry.unreachable();
                });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.warnings)
                .anyMatch(text -> text.contains("locked by somebody"))
                .anyMatch(text -> text.contains("out of reach"));
        assertBack();
    }

    @Test
    void staysOpenWhereTheWayBackIsBlockedAndIsAbortedLater() {
        stage.instance("a");
        stage.script
                .fail("barrier", () -> {
                    throw new ServerException(Kind.TIMED_OUT, "12 bytes behind", null);
                })
                .fail("lower", () -> {
                    throw new ServerException(Kind.REFUSED, "locked by somebody", null);
                });
        CutoverResult stuck = stage.cutover();
        assertThat(stuck.outcome()).isEqualTo(RunOutcome.STUCK);
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isTrue();

        stage.script.clear();
        CutoverResult aborted = stage.takeOver(dev.connectionregistry.admin.cutover.decision.RunState.Purpose.ABORT);

        assertThat(aborted.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events())
                .containsExactly("lock", "take over session", "lower", "steady db1", "poll 30s", "unlock");
        assertBack();
        assertThat(journal()).asString().contains("alice, bob (abort)");
    }

    @Test
    void triesNoLongerThanItsPatienceWhereEveryAnswerIsLost() {
        stage.instance("a");
        stage.script
                .fail("raise", () -> {
                    throw new ServerException(Kind.REFUSED, "no right", null);
                })
                .fail("steady db1", () -> {
                    stage.timing.rest(Duration.ofSeconds(5));
                    throw ScriptedRegistry.unknown();
                });
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.STUCK);
    }

    @Test
    void goesOnWithItsUndoThoughAThingUnforeseenHappens() {
        stage.instance("a");
        stage.script.fail("barrier", () -> {
            throw new IllegalStateException("a fault in the program");
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("should not have happened", "a fault in the program");
        assertBack();
    }

    @Test
    void warnsOfSettingsWithWhichASessionCanLeaveTheReadOnlyFence() {
        stage.registry.put("orders", stage.current().settings().withProperties(Map.of("readOnlyMode", "always")));
        stage.instance("a");
        assertThat(stage.cutover().outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.warnings).anyMatch(text -> text.contains("readOnlyMode") && text.contains("--fence no-login"));
    }

    /** Such as a class that is missing: a fence must come down after that, too. */
    @ParameterizedTest
    @ValueSource(strings = {"barrier", "steady db2", "HOLD"})
    void undoesAlsoAfterAnErrorOfTheMachine(String event) {
        stage.instance("a");
        stage.script.fail(event, 1, () -> {
            throw new NoClassDefFoundError("half an installation");
        });
        CutoverResult result = stage.cutover();
        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("should not have happened", "half an installation");
        assertBack();
    }

    /** What hangs arrives after all was undone; the epoch under which it was sent is over by then. */
    @ParameterizedTest
    @ValueSource(strings = {"HOLD", "steady db2"})
    void waitsForAWriteThatHangsNoLongerThanCallersMayAndIsNotHarmedByItAfterwards(String write) throws Exception {
        stage.instance("a");
        LateWrite late = new LateWrite();
        stage.script.fail(write, 1, late::hang);

        long start = System.nanoTime();
        CutoverResult result = stage.cutover(Stage.within(Duration.ofSeconds(1)));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("did not answer", "hold budget");
        assertBack();
        VersionedSettings before = stage.current();
        late.arriveAndAwaitEnd();
        assertThat(stage.script.events()).doesNotContain(write + " written");
        assertThat(stage.current()).isEqualTo(before);
    }

    /** A write on its own thread that is deaf to interrupts, as what a network holds back is. */
    private static final class LateWrite {
        private static final Duration LONGEST = Duration.ofSeconds(20);

        private final CountDownLatch arrival = new CountDownLatch(1);
        private final AtomicReference<Thread> thread = new AtomicReference<>();

        void hang() {
            thread.set(Thread.currentThread());
            long end = System.nanoTime() + LONGEST.toNanos();
            boolean arrived = false;
            while (!arrived && System.nanoTime() < end) {
                try {
                    arrived = arrival.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    // the coordinator has given it up; it is on its way all the same
                }
            }
        }

        void arriveAndAwaitEnd() throws InterruptedException {
            arrival.countDown();
            Thread writer = Objects.requireNonNull(thread.get());
            writer.join(Duration.ofSeconds(10).toMillis());
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void doesNotBeginWhileACutoverStands() {
        stage.instance("a");
        stage.script.crash("HOLD");
        assertThatThrownBy(stage::cutover).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        assertThatThrownBy(stage::cutover)
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("is under way")
                .hasMessageContaining("phase prepare");
    }

    private void assertBack() {
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(stage.servers.locked()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    private java.util.Map<String, Object> journal() {
        return stage.registry.journals(Stage.ORDERS, 1).get(0);
    }
}
