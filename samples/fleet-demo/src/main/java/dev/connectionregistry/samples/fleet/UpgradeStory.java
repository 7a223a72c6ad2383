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
import dev.connectionregistry.samples.fleet.stage.Shop;
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
    private final List<String> names;
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

    /**
     * Of a server.
     *
     * @param names all that are on it or on its standby
     */
    UpgradeStory(Demo demo, Load load, List<String> names) {
        this.demo = demo;
        this.names = List.copyOf(names);
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
        if (shell.run(Excerpt.ofPreflight(TRAP), servers("preflight", target())).exitCode() != 1) {
            surprises.add("preflight did not catch the table without a replica identity");
        }
        List<Check> failed = PreflightReport.of(shell.askAnyway(json(servers("preflight", target()))))
                .failed();
        for (Check check : failed) {
            if (!check.name().equals(TRAP)) {
                surprises.add("preflight failed in " + check.name() + " of " + check.database());
            }
            load.phase("the remedy of " + check.name() + " in " + check.database() + ", pasted on both servers");
            sql.paste(demo.stage().source(), check.database(), check.statements());
            sql.paste(demo.stage().target(), check.database(), check.statements());
        }
        load.phase("preflight again");
        load.command(Excerpt.ofPreflight(TRAP), servers("preflight", target()));
    }

    /** Brings the rows to the target. */
    void replicate() throws InterruptedException {
        load.phase("replication plan: which table goes how?");
        load.command(servers("replication plan", target()));
        load.phase("replication start: the tables follow one after the other");
        load.command(servers("replication start", target()));
        status(target());
    }

    private void status(Endpoint target) throws InterruptedException {
        load.phase("replication status");
        load.command(servers("replication status", target));
    }

    /** Compares the rows of both servers while the services write. */
    void verify(Endpoint target) throws InterruptedException {
        load.phase("replication verify: every row, while services write");
        load.command(servers("replication verify", target));
    }

    /** How many tables are equal on both servers. */
    int equalTables(Endpoint target) throws InterruptedException {
        VerifyReport report = VerifyReport.of(shell.askAnyway(json(servers("replication verify", target))));
        if (!report.allEqual()) {
            surprises.add("verify found " + report.others() + " tables that aren't equal");
        }
        return report.equal();
    }

    /** Gives the target the statistics that replication doesn't bring. */
    void analyze() {
        load.phase("statistics for the target's planner");
        demo.stage().databases().forEach(each -> sql.paste(demo.stage().target(), each, List.of("ANALYZE")));
    }

    /** Holds the callers for a moment, and lets them go on where they were. */
    void rehearse() throws InterruptedException {
        load.phase("a rehearsal: callers wait a moment, then go on where they were");
        load.command(Excerpt.ofCutover(), cutover(target(), "--rehearse"));
    }

    /** Cuts the fleet over, and lets the server that it left follow. */
    Leg cutOver(Endpoint target, String reason) throws InterruptedException {
        load.phase("the cutover to port " + target.port());
        Command command = load.command(Excerpt.ofCutover(), cutover(target, "--reverse-slot", "--reason", reason));
        CutoverSteps steps = CutoverSteps.of(shell.ask("cutover", "status", Stage.DATABASE, "--output", "json"));
        Endpoint left = target.equals(target()) ? source() : target();
        load.phase("replication reverse: the server that was left follows, so that going back loses nothing");
        load.command(servers("replication reverse", left));
        status(left);
        return new Leg(command, steps);
    }

    /** Takes the fences of the last cutover down on the server that it left, with the statements that status prints. */
    void liftFences(LocalPostgres left) throws InterruptedException {
        load.phase("going back: the fences are lifted by hand, with the statements that cutover status prints");
        for (String database : demo.stage().databases()) {
            String journal = shell.ask("cutover", "status", database, "--output", "json");
            sql.paste(left, database, CutoverSteps.fenceDown(journal));
        }
    }

    /** Ends replication; returns what is left of it on both servers. */
    long stop() throws InterruptedException {
        load.phase("replication stop");
        load.command(servers("replication stop", target(), "--yes"));
        return sql.leftovers();
    }

    /** How the server that was left refuses writes, in each of its databases; empty for one that takes it. */
    List<String> refusals() {
        return demo.stage().databases().stream().map(sql::refusalOfTarget).toList();
    }

    Endpoint source() {
        return demo.stage().sourceEndpoint();
    }

    Endpoint target() {
        return demo.stage().targetEndpoint();
    }

    /** Of all names. */
    private String[] cutover(Endpoint target, String... more) {
        List<String> words = new ArrayList<>(List.of("cutover"));
        words.addAll(names);
        words.addAll(List.of("--to", address(target)));
        if (names.contains(Shop.READER)) {
            words.addAll(List.of("--map", Shop.READER + "=" + demo.stage().standbyOf(target)));
        }
        return arguments(words, more);
    }

    /** A command about every database of the server that isn't {@code target}. */
    private String[] servers(String command, Endpoint target, String... more) {
        Endpoint other = target.equals(target()) ? source() : target();
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.addAll(List.of("--server", address(other), "--target", address(target)));
        return arguments(words, more);
    }

    private static String address(Endpoint server) {
        return server.host() + ":" + server.port();
    }

    private static String[] arguments(List<String> words, String... more) {
        List<String> arguments = new ArrayList<>(words);
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
