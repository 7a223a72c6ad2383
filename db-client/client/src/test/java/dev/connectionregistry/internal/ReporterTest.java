package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReporterTest {
    private final DatabaseName database = new DatabaseName("orders");
    private final List<InstanceReport> written = new ArrayList<>();
    private boolean noRoomForAWorker;
    private boolean aClassIsMissing;

    private final StatusBoard status = new StatusBoard(
            new StatusBoard.Identity(database, "test", "one"),
            new NoGenerations(),
            List.of(),
            Runnable::run,
            Clock.systemUTC(),
            System::nanoTime);
    private final Reporter reporter = new Reporter(
            new Registry(), status::status, Map.of(), Duration.ofSeconds(30), Clock.systemUTC(), this::work, () -> {});

    private void work(Runnable task) {
        if (noRoomForAWorker) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    @Test
    void reportsAgainAfterThereWasNoThreadForOneReport() {
        noRoomForAWorker = true;
        reporter.report();
        noRoomForAWorker = false;
        reporter.report();
        assertThat(written).hasSize(1);
    }

    @Test
    void reportsAgainAfterAnErrorInTheRegistry() {
        aClassIsMissing = true;
        reporter.report();
        aClassIsMissing = false;
        reporter.report();
        assertThat(written).hasSize(1);
    }

    private final class Registry implements SettingsRegistry {
        @Override
        public ReadResult read(DatabaseName name) {
            return new ReadResult.Absent(Optional.empty());
        }

        @Override
        public void report(InstanceReport report) {
            if (aClassIsMissing) {
                throw new NoClassDefFoundError("of the SDK");
            }
            written.add(report);
        }

        @Override
        public String describe() {
            return "a registry in a test";
        }
    }
}
