package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.stage.Stage;
import java.time.Duration;
import java.util.Optional;

/**
 * The plain move: load, {@code set-endpoint} with a shortened interval, load, and the verdict from the data. For rows that
 * are only added: while instances move one after another, some write to the source and some to the target.
 */
final class MoveScenario implements Scenario {
    private static final Duration SHORT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(1);

    @Override
    public boolean mustFind() {
        return false;
    }

    @Override
    public boolean play(Demo demo, DemoOptions options) throws InterruptedException {
        Load load = Load.warmUp(demo, options.measured());
        try (load) {
            load.before("before the move");
            load.phase("the move");
            load.command(
                    "set-endpoint",
                    Stage.DATABASE,
                    demo.stage().targetEndpoint().toString(),
                    "--poll-interval",
                    SHORT_INTERVAL.toSeconds() + "s",
                    "--wait",
                    "--reason",
                    "demo");
            load.phase("after the move");
            load.command("status", Stage.DATABASE);
            load.after();
        }
        Findings findings = Findings.of(demo, load);
        Verdict verdict = findings.verdict(SHORT_INTERVAL.plus(GRACE));
        String title = "A fleet of " + demo.recorder().instances() + " moves to another Postgres under load";
        findings.tell(verdict, title, Optional.empty(), options.report(demo.home(), "move"));
        return verdict.passed();
    }
}
