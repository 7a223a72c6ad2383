package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.measure.CutoverFacts;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.HoldBars;
import dev.connectionregistry.samples.fleet.show.HoldView;
import dev.connectionregistry.samples.fleet.stage.CommitTimes;
import dev.connectionregistry.samples.fleet.stage.OperatorShell.Command;
import dev.connectionregistry.samples.fleet.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The cutover: load, a rehearsal, the cutover itself, load, and the verdict from the data. Nobody writes to the source once
 * somebody writes to the target, and no acknowledged row is missing even for a moment.
 */
final class CutoverScenario implements Scenario {
    /**
     * For a caller who is held, and for the last instance. Wide: servers, registry and all processes share one machine, perhaps
     * with a build beside them. The benchmark, on a quiet one, says how short it is.
     */
    private static final Duration ALLOWED = Duration.ofSeconds(2);

    private static final Duration BETWEEN = Duration.ofSeconds(2);

    @Override
    public boolean mustFind() {
        return true;
    }

    @Override
    public boolean play(Demo demo, DemoOptions options) throws InterruptedException {
        Load load = Load.warmUp(demo, options.measured());
        Command cutover;
        CutoverSteps steps;
        try (load) {
            load.before("before the cutover");
            load.phase("a rehearsal: callers wait a moment, then go on where they were");
            load.command(cutover(demo, "--rehearse"));
            load.pause(BETWEEN);
            load.phase("the cutover");
            cutover = load.command(
                    cutover(demo, "--verify-table", "orders", "--verify-table", "order_lines", "--reason", "demo"));
            load.phase("after the cutover");
            load.command("cutover", "status", Stage.DATABASE);
            steps = CutoverSteps.of(demo.shell().ask("cutover", "status", Stage.DATABASE, "--output", "json"));
            load.after();
        }
        return judged(demo, options, load, cutover, steps);
    }

    private static String[] cutover(Demo demo, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "cutover",
                Stage.DATABASE,
                "--to",
                demo.stage().targetEndpoint().toString(),
                "--admin-username",
                Stage.ADMIN,
                "--admin-password-ref",
                "env:" + Stage.ADMIN_PASSWORD_VARIABLE));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static boolean judged(Demo demo, DemoOptions options, Load load, Command cutover, CutoverSteps steps) {
        demo.heading("Where the hold's time went");
        HoldBars.lines(steps.holdAndRelease(), demo.screen().terminal()).forEach(demo.screen()::line);
        Findings findings = Findings.of(demo, load);
        CutoverFacts facts = new CutoverFacts(
                CutoverSteps.holdMillis(cutover.output()),
                findings.write().orElse(-1L),
                CommitTimes.read(demo.stage()),
                CommitTimes.refusalOfSource(demo.stage()),
                ALLOWED.toNanos() / 1_000);
        Verdict verdict = findings.verdict(ALLOWED).with(facts);
        findings.tell(
                verdict,
                "A fleet of " + demo.recorder().instances() + " is cut over to another Postgres under load",
                HoldView.of(
                        steps,
                        facts.holdMillis(),
                        findings.work(),
                        demo.recorder().statuses(),
                        demo.stage().targetEndpoint().port()),
                options.report(demo.home(), "cutover"));
        return verdict.passed();
    }
}
