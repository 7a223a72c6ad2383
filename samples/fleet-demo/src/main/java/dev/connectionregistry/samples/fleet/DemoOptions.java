package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.stage.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every scenario takes; values outside their bounds are refused while they are read. */
final class DemoOptions {
    private static final int THREADS = 4;
    private static final int MOST_INSTANCES = 10;
    private static final int SHORTEST_SECONDS = 10;
    private static final int LONGEST_SECONDS = 600;
    private static final int HIGHEST_RATE = 1_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private int seconds = 30;
    private OptionalInt instances = OptionalInt.empty();
    private int rate = 100;

    @Option(names = "--report", paramLabel = "FILE", description = "where to write the HTML report")
    private Optional<Path> report = Optional.empty();

    @Option(names = "--no-color", description = "print no colours (as with NO_COLOR in the environment, or in a pipe)")
    private boolean noColor;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            order = 0,
            description = "how long to measure, before, during and after the move together (default 30)")
    void seconds(int value) {
        seconds = checked("--seconds", value, SHORTEST_SECONDS, LONGEST_SECONDS);
    }

    @Option(
            names = "--instances",
            paramLabel = "N",
            order = 1,
            description =
                    "processes of each service (default 3 of each of two; in the upgrade 1 of each of four; with Spring Boot 1)")
    void instances(int value) {
        instances = OptionalInt.of(checked("--instances", value, 1, MOST_INSTANCES));
    }

    @Option(
            names = "--rate",
            paramLabel = "N",
            order = 2,
            description = "units of work per second that each process does on four threads (default 100)")
    void rate(int value) {
        rate = checked("--rate", value, THREADS, HIGHEST_RATE);
    }

    private int checked(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(), option + " is " + value + "; allowed are " + least + " to " + most);
        }
        return value;
    }

    Duration measured() {
        return Duration.ofSeconds(seconds);
    }

    Fleet.Size size(List<String> services, int usualInstances, boolean mustFind, Fleet.Program program) {
        return new Fleet.Size(services, instances.orElse(usualInstances), THREADS, rate, mustFind, program);
    }

    /** Where the report goes: the file that was asked for, or one beside the demo's own. */
    Path report(Path home, String scenario) {
        return report.orElse(home.resolve("samples/fleet-demo/target/report-" + scenario + ".html"));
    }

    boolean noColor() {
        return noColor;
    }
}
