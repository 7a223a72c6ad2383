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
        header = "Upgrades a Postgres server under load from the first check to the last, there and back.",
        synopsisHeading = "%nUsage: ",
        description = {
            "%nStarts a source with two databases of a hundred thousand rows, an empty target, a standby of each, and four services at work: three names of the registry on the source, and one on its standby. Then"
                    + " it runs the commands of the real registry-admin that an operator would type: preflight, which finds"
                    + " tables that cannot be replicated (the demo applies the remedy); replication plan, start, status and"
                    + " verify; a rehearsal and the cutover of all names at once; replication reverse; and the way back to the source.%n",
            "The verdict requires that no statement fails, every acknowledged row exists, all tables are equal, two servers"
                    + " never accept writes at once, every number exists once, no caller waits for more than two seconds, and"
                    + " nothing of replication is left on either server.%n"
        },
        footer = {
            "%nExamples:",
            "  samples/demo upgrade                        the whole demo, about three minutes",
            "  samples/demo upgrade --rate 20              under a lighter load",
            "  samples/demo upgrade | tail -n 1            prints only the verdict",
            "%nIt runs until all steps are done, and for at least --seconds.",
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
