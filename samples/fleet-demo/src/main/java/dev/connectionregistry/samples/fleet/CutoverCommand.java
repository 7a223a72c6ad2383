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
                "Cuts a fleet under load over to another Postgres, and proves that no two servers took writes at once.",
        synopsisHeading = "%nUsage: ",
        description = {
            "%nStarts the same servers and processes as samples/demo. While they work, the real registry-admin rehearses"
                    + " the cutover (callers wait a moment, then go on where they were) and then carries it out: it holds"
                    + " the callers, fences the source, waits for the last byte, sets the sequences, compares, and"
                    + " switches.%n",
            "The verdict asks for more than the plain move's: no write on the source after the first on the target (by"
                    + " the servers' own commit times), every order number once, an acknowledged row found by every read,"
                    + " nobody kept waiting for more than two seconds, and a source that refuses writes in the end.%n"
        },
        footer = {
            "%nExamples:",
            "  samples/demo cutover                        the whole show, about a minute",
            "  samples/demo cutover --seconds 20           a shorter one",
            "  samples/demo cutover | tail -n 1            only the verdict",
            "%nThe verdict's hold_ms is how long callers could have been waiting, as registry-admin says.",
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
