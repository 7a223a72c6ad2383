package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.Program;
import dev.connectionregistry.benchmarks.cutover.side.registry.AdminProgram;
import dev.connectionregistry.benchmarks.cutover.side.registry.RegistrySide;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures cutovers of fleets of different sizes. System property from the launcher script: {@code benchmarks.home}, the
 * project's root folder.
 */
public final class FleetBenchmark {
    private final Options options;
    private boolean complete;

    private FleetBenchmark(Options options) {
        this.options = options;
    }

    /** Exit codes: 0 measured; 1 failed, or a cutover was undone; 2 usage; 130 interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("fleet", () -> new FleetBenchmark(Options.parse(arguments)).run());
    }

    private int run() throws InterruptedException {
        int exitCode = Program.measure(this::measure);
        return exitCode == Program.MEASURED && !complete ? Program.FAILED : exitCode;
    }

    private List<String> measure(Cleanup cleanup, Progress progress) {
        AdminProgram admin = AdminProgram.find(Path.of(System.getProperty("benchmarks.home", "")), cleanup);
        progress.say("starting servers with room for " + options.connections() + " connections");
        Servers servers =
                Servers.start(options.sourceMajor(), options.targetMajor(), options.connections(), cleanup, progress);
        LocalDynamoDb dynamo = cleanup.add(LocalDynamoDb.start());
        progress.say("registry: " + dynamo);
        Trial.Stage stage =
                new Trial.Stage(servers, RegistrySide.open(dynamo, servers, admin), options, cleanup, progress);
        List<Trial> trials = new ArrayList<>();
        for (int instances : options.instances()) {
            trials.add(Trial.run(stage, instances));
        }
        complete = trials.stream().allMatch(trial -> trial.end().isComplete());
        return new Report(trials).lines();
    }
}
