package dev.connectionregistry.samples.fleet;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the cutover. */
@Command(
        name = "cutover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header =
                "Cuts a fleet under load over to another Postgres server, and proves that two servers never accepted writes at once.",
        synopsisHeading = "%nUsage: ",
        description = {
            "%nStarts the same servers and processes as samples/demo. While they work, the real registry-admin rehearses"
                    + " the cutover (callers wait a moment, then continue on the source) and then executes it: it holds"
                    + " the callers, fences the source, waits until the target has everything, sets the sequences, compares,"
                    + " and switches.%n",
            "The verdict requires more than that of the plain move: no write on the source after the first one on the target"
                    + " (by the servers' own commit times), every order number once, every read finds the acknowledged"
                    + " rows, no caller waits for more than two seconds, and the source refuses writes at the end.%n"
        },
        footer = {
            "%nExamples:",
            "  samples/demo cutover                        the whole demo, about a minute",
            "  samples/demo cutover --seconds 20           a shorter demo",
            "  samples/demo cutover | tail -n 1            prints only the verdict",
            "%nhold_ms in the verdict is how long callers could have waited, according to registry-admin.",
            "%nExit codes: 0 passed, 1 failed or could not run, 2 wrong arguments, 130 interrupted"
        })
final class CutoverCommand implements Callable<Integer> {
    @Mixin
    private final DemoOptions options = new DemoOptions();

    @Override
    public Integer call() throws InterruptedException {
        return Scenario.run(new CutoverScenario(), options) ? 0 : Main.FAILED;
    }
}
