package dev.connectionregistry.admin.cli.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.cli.terminal.Redirected;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver.WaitStatus;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MoveProgressPrinterTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final Redirected redirected = new Redirected();
    private final MoveProgressPrinter talk = new MoveProgressPrinter(redirected.console);

    @Test
    void tellsInAPipeHowAWaitStandsAndWhomItStallsOn() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
        new FakeInstance(registry, timing, "orders", "a").tick();
        FleetProgress progress = new FleetProgress(FleetGoal.active(2), 0);
        for (int second = 0; second <= 46; second++) {
            talk.observed(
                    progress.observe(registry.fleet(new DatabaseName("orders")), timing.nanoTime(), timing.now()),
                    new WaitStatus(Duration.ofSeconds(second), Optional.of(Duration.ofMinutes(2)), Optional.empty()));
            timing.pause(Duration.ofSeconds(1));
        }
        assertThat(redirected.told().lines())
                .containsExactly(
                        "checkout/a is ACTIVE on version 1 (db1:5432/orders)",
                        "0 of 1 serve version 2, 15.0s of at most 2m; waiting for checkout/a",
                        "0 of 1 serve version 2, 30.0s of at most 2m; waiting for checkout/a",
                        "checkout/a: nothing heard for 31.0s; counts as gone after 1m30s",
                        "0 of 1 serve version 2, 45.0s of at most 2m; waiting for checkout/a");
    }
}
