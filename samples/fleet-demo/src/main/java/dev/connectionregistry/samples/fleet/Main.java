package dev.connectionregistry.samples.fleet;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The demo's command line. Without a subcommand it shows the plain move.
 *
 * <p>System properties from the launcher script: {@code demo.home}, the project's root folder; {@code demo.terminal}, whether
 * standard output is a terminal.
 */
@Command(
        name = "samples/demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        version = "Connection Registry demo",
        header = "Moves a fleet under load from one Postgres server to another, and proves that no row was lost.%n",
        description = {
            "%nStarts a registry (DynamoDB Local), two Postgres servers with replication between them, and the processes of"
                    + " two services (three of each, see --instances) under a steady load. Moves the services with the real"
                    + " registry-admin, then looks for every acknowledged row on the target. Everything runs on this machine, and"
                    + " the demo removes it at the end.%n"
        },
        subcommands = {CutoverCommand.class, UpgradeCommand.class, SpringCommand.class},
        commandListHeading = "%nOther demos:%n",
        footer = {
            "%nExamples:",
            "  samples/demo                              the whole demo, about a minute",
            "  samples/demo --seconds 15 --instances 1   a short demo with two processes",
            "  samples/demo cutover                      a cutover instead of the plain move",
            "  samples/demo upgrade                      a whole upgrade and the way back",
            "  samples/demo spring                       a packaged Spring Boot application, there and back",
            "  samples/demo --report /tmp/move.html      writes the report to another file",
            "  samples/demo | tail -n 1                  prints only the verdict",
            "%nExit codes: 0 passed, 1 failed or could not run, 2 wrong arguments, 130 interrupted"
        })
public final class Main implements Callable<Integer> {
    static final int FAILED = 1;

    @Mixin
    private final DemoOptions options = new DemoOptions();

    private Main() {}

    /** Ends the process with one of the exit codes above. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((refused, given) -> {
                    PrintWriter errors = refused.getCommandLine().getErr();
                    errors.println("error: " + refused.getMessage());
                    errors.println(
                            "see " + refused.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String message = failure instanceof DemoException
                            ? String.valueOf(failure.getMessage())
                            : failure.toString();
                    command.getErr().println("error: " + message);
                    return FAILED;
                });
    }

    @Override
    public Integer call() throws InterruptedException {
        return Scenario.run(new MoveScenario(), options) ? 0 : FAILED;
    }
}
