package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps;
import dev.connectionregistry.samples.fleet.measure.PreflightReport;
import dev.connectionregistry.samples.fleet.measure.PreflightReport.Check;
import dev.connectionregistry.samples.fleet.measure.VerifyReport;
import dev.connectionregistry.samples.fleet.show.Excerpt;
import dev.connectionregistry.samples.fleet.stage.OperatorShell;
import dev.connectionregistry.samples.fleet.stage.OperatorShell.Command;
import dev.connectionregistry.samples.fleet.stage.OperatorSql;
import dev.connectionregistry.samples.fleet.stage.Stage;
import dev.connectionregistry.settings.Endpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operator does in an upgrade, step by step, each as it is typed. What a step decides it reads from the commands' JSON. For
 * one thread.
 */
final class UpgradeStory {

    private static final String TRAP = "replica-identity";

    private final Demo demo;
    private final Load load;
    private final OperatorShell shell;
    private final OperatorSql sql;
    private final List<String> surprises = new ArrayList<>();

    /** A cutover that has ended: what it printed, and its journal. */
    record Leg(Command command, CutoverSteps steps) {
        long holdMillis() {
            return CutoverSteps.holdMillis(command.output());
        }
    }

    UpgradeStory(Demo demo, Load load) {
        this.demo = demo;
        this.load = load;
        this.shell = demo.shell();
        this.sql = new OperatorSql(demo.stage(), demo::typed);
    }

    /** What went otherwise than it should. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** Looks whether the upgrade can begin, and fixes what stands in its way. */
    void preflight() throws InterruptedException {
        load.phase("preflight: what would go wrong?");
        if (shell.run(Excerpt.ofPreflight(TRAP), pair("preflight", target())).exitCode() != 1) {
            surprises.add("preflight did not catch the table without a replica identity");
        }
        List<Check> failed = PreflightReport.of(shell.askAnyway(json(pair("preflight", target()))))
                .failed();
        for (Check check : failed) {
            if (!check.name().equals(TRAP)) {
                surprises.add("preflight failed in " + check.name());
            }
            load.phase("the remedy of " + check.name() + ", pasted on both servers");
            sql.paste(demo.stage().source(), check.statements());
            sql.paste(demo.stage().target(), check.statements());
        }
        load.phase("preflight again");
        load.command(Excerpt.ofPreflight(TRAP), pair("preflight", target()));
    }

    /** Brings the rows to the target. */
    void replicate() throws InterruptedException {
        String file = demo.stage().planFile().toString();
        load.phase("replication plan: which table goes how?");
        load.command(pair("replication plan", target(), "--file", file));
        load.phase("replication start: the tables follow one after the other");
        load.command(pair("replication start", target(), "--plan", file));
        status(target());
    }

    private void status(Endpoint target) throws InterruptedException {
        load.phase("replication status");
        load.command(pair("replication status", target));
    }

    /** Compares the rows of both servers while the services write. */
    void verify(Endpoint target) throws InterruptedException {
        load.phase("replication verify: every row, while services write");
        load.command(pair("replication verify", target));
    }

    /** How many tables are equal on both servers. */
    int equalTables(Endpoint target) throws InterruptedException {
        VerifyReport report = VerifyReport.of(shell.askAnyway(json(pair("replication verify", target))));
        if (!report.allEqual()) {
            surprises.add("verify found " + report.others() + " tables that aren't equal");
        }
        return report.equal();
    }

    /** Gives the target the statistics that replication doesn't bring. */
    void analyze() {
        load.phase("statistics for the target's planner");
        sql.paste(demo.stage().target(), List.of("ANALYZE"));
    }

    /** Holds the callers for a moment, and lets them go on where they were. */
    void rehearse() throws InterruptedException {
        load.phase("a rehearsal: callers wait a moment, then go on where they were");
        load.command(Excerpt.ofCutover(), cutover(target(), "--rehearse"));
    }

    /** Cuts the fleet over, and lets the server that it left follow. */
    Leg cutOver(Endpoint target, String reason) throws InterruptedException {
        load.phase("the cutover to port " + target.port());
        Command command = load.command(
                Excerpt.ofCutover(),
                cutover(
                        target,
                        "--verify-table",
                        "customers",
                        "--verify-table",
                        "orders",
                        "--reverse-slot",
                        "--reason",
                        reason));
        CutoverSteps steps = CutoverSteps.of(shell.ask("cutover", "status", Stage.DATABASE, "--output", "json"));
        Endpoint left = target.equals(target()) ? source() : target();
        load.phase("replication reverse: the server that was left follows, so that going back loses nothing");
        load.command(pair("replication reverse", left));
        status(left);
        return new Leg(command, steps);
    }

    /** Takes the fence of the last cutover down on the server that it left, with the statements that status prints. */
    void liftFence(LocalPostgres left) throws InterruptedException {
        load.phase("going back: the fence is lifted by hand, with the statements that cutover status prints");
        String journal = shell.ask("cutover", "status", Stage.DATABASE, "--output", "json");
        sql.paste(left, CutoverSteps.fenceDown(journal));
    }

    /** Ends replication; returns what is left of it on both servers. */
    long stop() throws InterruptedException {
        load.phase("replication stop");
        load.command(pair("replication stop", target(), "--yes"));
        return sql.leftovers();
    }

    /** How the server that was left refuses a write; empty if it takes it. */
    String refusal() {
        return sql.refusalOfTarget();
    }

    Endpoint source() {
        return demo.stage().sourceEndpoint();
    }

    Endpoint target() {
        return demo.stage().targetEndpoint();
    }

    private static String[] cutover(Endpoint target, String... more) {
        return arguments("cutover", "--to", target, more);
    }

    private static String[] pair(String command, Endpoint target, String... more) {
        return arguments(command, "--target", target, more);
    }

    private static String[] arguments(String command, String option, Endpoint target, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.addAll(List.of(Stage.DATABASE, option, target.toString()));
        arguments.addAll(List.of("--admin-username", Stage.ADMIN));
        arguments.addAll(List.of("--admin-password-ref", "env:" + Stage.ADMIN_PASSWORD_VARIABLE));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static String[] json(String[] arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        return all.toArray(String[]::new);
    }
}
