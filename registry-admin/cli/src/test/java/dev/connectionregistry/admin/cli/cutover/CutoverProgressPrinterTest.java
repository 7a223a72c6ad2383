package dev.connectionregistry.admin.cli.cutover;

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

class CutoverProgressPrinterTest {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final Redirected redirected = new Redirected();
    private final CutoverProgressPrinter talk = new CutoverProgressPrinter(redirected.console);

    @Test
    void isNeverSilentForTenSecondsWhereItIsRedirected() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
        FakeInstance instance = new FakeInstance(registry, timing, "orders", "a");
        FleetProgress progress = new FleetProgress(FleetGoal.acknowledged(2), 0);
        talk.begun("shorten the poll interval");
        Duration lastLine = Duration.ZERO;
        long lines = 0;
        for (Duration elapsed = Duration.ZERO; elapsed.toSeconds() < 31; elapsed = elapsed.plus(LOOK)) {
            instance.tick();
            talk.fleet(
                    progress.observe(registry.fleet(new DatabaseName("orders")), timing.nanoTime(), timing.now()),
                    new WaitStatus(elapsed, Optional.of(Duration.ofMinutes(1)), Optional.empty()));
            if (redirected.told().lines().count() > lines) {
                lines = redirected.told().lines().count();
                lastLine = elapsed;
            }
            assertThat(elapsed.minus(lastLine)).isLessThan(Duration.ofSeconds(10));
            timing.pause(LOOK);
        }
        assertThat(redirected.told().lines().findFirst().orElseThrow())
                .startsWith("shorten the poll interval: 0 of 1 ")
                .contains("8.00s of at most 1m", "waiting for checkout/a");
        assertThat(lines).isEqualTo(3);
    }
}
