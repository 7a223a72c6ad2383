package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Outcome;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Aftermath;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Database;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What scenarios have in common: how commands end, and what must be so afterwards. */
final class Scenarios {
    /** Exit codes of cutovers. */
    static final int DONE = 0;

    static final int FAILED = 1;
    static final int NOT_ALL_SEEN = 4;
    static final int UNDONE = 5;

    /** From its start to its end, on a machine that has other things to do. */
    static final Duration LIMIT = Duration.ofSeconds(90);

    /** Between taking a run over and its end: the hold budget and five seconds, and what a program needs to start. */
    static final Duration HEIR_LIMIT = Stage.HOLD_BUDGET.plusSeconds(5).plusSeconds(10);

    private Scenarios() {}

    /** Waits for its end, which must be with one of these codes. */
    static int requireEnd(Command command, Integer... codes) throws InterruptedException {
        return requireEnd(command, LIMIT, codes);
    }

    /** Waits for its end, at most {@code limit}, which must be with one of these codes. */
    static int requireEnd(Command command, Duration limit, Integer... codes) throws InterruptedException {
        int code = command.awaitEnd(limit);
        assertThat(code).as(command::toString).isIn((Object[]) codes);
        return code;
    }

    /** Begins a cutover and kills it once it says that {@code step} has been done. */
    static void killAfter(Step step, Stage stage) throws InterruptedException {
        Command doomed = stage.doomed(Moments.after(step), stage.cutover());
        requireEnd(doomed, Command.KILLED);
        assertThat(doomed.momentCame()).as(doomed::toString).isTrue();
    }

    /** {@code cutover resume} or {@code abort}. */
    static Command takeOver(String how, Stage stage) {
        List<String> words = new ArrayList<>(List.of("cutover", how, stage.name()));
        words.addAll(stage.credentials(stage.target()));
        if (how.equals("resume")) { // it may have died before it had prepared anything
            words.addAll(List.of("--to", stage.target().endpoint()));
        }
        return stage.command(words);
    }

    /** Whether the settings say that the fleet is on the target. */
    static boolean switched(Stage stage) {
        return stage.registry()
                .settings(stage.name())
                .settings()
                .endpoint()
                .toString()
                .equals(stage.target().endpoint());
    }

    /** Everything is as it must be, wherever the fleet is now, and the history has no broken promise. */
    static Verdict requireConsistent(Stage stage) throws Exception {
        boolean switched = switched(stage);
        if (switched) {
            Aftermath.requireSwitchedTo(stage.target(), stage);
        } else {
            Aftermath.requireBackOn(stage.source(), stage);
        }
        return requireClean(
                stage, switched ? new Database[] {stage.source(), stage.target()} : new Database[] {stage.source()});
    }

    /** Ends the fleet; no promise was broken while these took writes one after the other. */
    static Verdict requireClean(Stage stage, Database... turns) throws Exception {
        Verdict verdict = stage.verdict(turns);
        System.out.println(stage.name() + ": " + verdict);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.ended(Outcome.OK)).hasSizeGreaterThan(100);
        return verdict;
    }

    /** No caller saw an error; who was killed in the middle of something saw nothing. */
    static void requireUnnoticed(Verdict verdict) {
        assertThat(verdict.ended(Outcome.FAILED)).isEmpty();
        assertThat(verdict.ended(Outcome.UNKNOWN)).allMatch(each -> each.end().isEmpty());
    }
}
