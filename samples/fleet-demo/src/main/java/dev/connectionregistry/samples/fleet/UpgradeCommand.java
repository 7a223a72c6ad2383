package dev.connectionregistry.samples.fleet;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows a whole upgrade. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Upgrades a Postgres under load from the first check to the last, there and back.",
        synopsisHeading = "%nUsage: ",
        description = {
            "%nA source with a hundred thousand rows, an empty new one, and three services that write all the time. The"
                    + " real registry-admin does the rest, as an operator would type it: preflight, which finds a table that"
                    + " can't be replicated (its remedy is pasted); replication plan, start, status and verify; a rehearsal and"
                    + " the cutover; replication reverse; and, since it may be needed, the way back to the source.%n",
            "The verdict asks for no failed statement, every acknowledged row in its place, all tables equal, never"
                    + " two servers that took writes at once, every number once, nobody kept waiting for more than two seconds,"
                    + " and nothing of replication left on either server.%n"
        },
        footer = {
            "%nExamples:",
            "  samples/demo upgrade                        the whole story, two to three minutes",
            "  samples/demo upgrade --rate 20              under a lighter load",
            "  samples/demo upgrade | tail -n 1            only the verdict",
            "%nIt takes as long as the steps take; --seconds is the least.",
            "%nExit codes: 0 passed, 1 failed or could not run, 2 wrong arguments, 130 interrupted"
        })
final class UpgradeCommand implements Callable<Integer> {
    @Mixin
    private final DemoOptions options = new DemoOptions();

    @Override
    public Integer call() throws InterruptedException {
        return Scenario.run(new UpgradeScenario(), options) ? 0 : Main.FAILED;
    }
}
