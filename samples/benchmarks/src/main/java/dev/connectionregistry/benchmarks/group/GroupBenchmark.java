package dev.connectionregistry.benchmarks.group;

import dev.connectionregistry.benchmarks.cutover.Program;
import dev.connectionregistry.benchmarks.cutover.Results;
import dev.connectionregistry.benchmarks.cutover.Round;
import dev.connectionregistry.benchmarks.cutover.side.registry.AdminProgram;
import dev.connectionregistry.benchmarks.cutover.side.registry.RegistrySide;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures the cutover of three names on two databases beside that of one name. System property from the launcher script:
 * {@code benchmarks.home}, the project's root folder.
 */
public final class GroupBenchmark {
    /** Two for each instance. */
    private static final int THREADS = 12;

    private final Options options;
    private boolean failed;

    private GroupBenchmark(Options options) {
        this.options = options;
    }

    /**
     * Exit codes: 0 measured; 1 failed, a cutover was undone, or a statement failed or a row was lost or doubled; 2 usage; 130
     * interrupted.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("group", () -> new GroupBenchmark(Options.parse(arguments)).run());
    }

    private int run() throws InterruptedException {
        int exitCode = Program.measure(this::measure);
        return exitCode == Program.MEASURED && failed ? Program.FAILED : exitCode;
    }

    private List<String> measure(Cleanup cleanup, Progress progress) {
        AdminProgram admin = AdminProgram.find(Path.of(System.getProperty("benchmarks.home", "")), cleanup);
        progress.say("starting servers");
        Servers servers = Servers.start(options.sourceMajor(), options.targetMajor(), cleanup, progress);
        LocalDynamoDb dynamo = cleanup.add(LocalDynamoDb.start());
        progress.say("registry: " + dynamo);
        Report report = rounds(servers, RegistrySide.open(dynamo, servers, admin), cleanup, progress);
        failed = report.failed() > 0;
        return report.lines();
    }

    /** Which begins changes from round to round. */
    private Report rounds(Servers servers, RegistrySide side, Cleanup cleanup, Progress progress) {
        Map<Moved, List<Round>> rounds = new EnumMap<>(Moved.class);
        List<Moved> order = Arrays.asList(Moved.values());
        for (int i = 1; i <= options.rounds(); i++) {
            for (Moved moved : order) {
                progress.say("round " + i + " of " + options.rounds() + ", " + moved.title() + ": begins");
                Round round = Round.run(
                        pairs -> side.connect(moved.names(pairs), moved.instances()),
                        servers,
                        moved.databases(i),
                        new Round.Work(THREADS, options.rate()),
                        cleanup);
                rounds.computeIfAbsent(moved, each -> new ArrayList<>()).add(round);
                progress.say(round.summary());
            }
            Collections.reverse(order);
        }
        return new Report(results(rounds, Moved.ONE), results(rounds, Moved.GROUP));
    }

    private static Results results(Map<Moved, List<Round>> rounds, Moved moved) {
        return Results.of(Objects.requireNonNull(rounds.get(moved)));
    }
}
