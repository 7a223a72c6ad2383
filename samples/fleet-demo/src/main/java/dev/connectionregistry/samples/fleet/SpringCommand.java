package dev.connectionregistry.samples.fleet;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows a Spring Boot application that is moved and cut over. */
@Command(
        name = "spring",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Moves a packaged Spring Boot application and cuts it over under HTTP load, there and back.",
        synopsisHeading = "%nUsage: ",
        description = {
            "%nStarts two Postgres servers and samples/spring-orders as it is packaged (java -jar): Spring Boot with JPA, Flyway,"
                    + " a scheduled job and the actuator, on the starter. While customers place orders over HTTP, the real"
                    + " registry-admin moves it to another name of its server and back, starts replication, cuts it over to the"
                    + " target and back, and stops replication. The screen shows each change of state that the application's"
                    + " actuator tells.%n",
            "The verdict requires that no request fails, the actuator answers at any time, every acknowledged order is on the"
                    + " last server, all tables are equal, no request takes longer than two seconds, and nothing of replication"
                    + " is left on either server.%n"
        },
        footer = {
            "%nExamples:",
            "  samples/demo spring                         the whole demo, about two minutes",
            "  samples/demo spring --instances 2           two processes of the application",
            "  samples/demo spring | tail -n 1             prints only the verdict",
            "%nIt runs until all steps are done, and for at least --seconds. hold_ms and back_hold_ms in the verdict are how long"
                    + " callers could have waited, according to registry-admin.",
            "%nExit codes: 0 passed, 1 failed or could not run, 2 wrong arguments, 130 interrupted"
        })
final class SpringCommand implements Callable<Integer> {
    @Mixin
    private final DemoOptions options = new DemoOptions();

    @Override
    public Integer call() throws InterruptedException {
        return Scenario.run(new SpringScenario(), options) ? 0 : Main.FAILED;
    }
}
