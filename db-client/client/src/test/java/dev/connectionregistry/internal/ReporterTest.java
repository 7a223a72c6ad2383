package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReporterTest {
    private final DatabaseName database = new DatabaseName("orders");
    private final List<InstanceReport> written = new ArrayList<>();
    private boolean noRoomForAWorker;
    private boolean aClassIsMissing;

    private long nanos;
    private final NameConflict conflict = new NameConflict(() -> nanos);
    private @Nullable InstanceReport replaced;
    private final StatusBoard status = new StatusBoard(
            new StatusBoard.Identity(database, "test", "one"),
            new NoGenerations(),
            conflict,
            List.of(),
            Runnable::run,
            Clock.systemUTC(),
            System::nanoTime);
    private final HeldProof held = new HeldProof(database, "test/one", conflict.incarnation());
    private final Reporter reporter = new Reporter(
            new Registry(),
            database,
            new ReportedDataSource(status::status, held, () -> {}),
            conflict,
            Map.of(),
            Duration.ofSeconds(30),
            Clock.systemUTC(),
            this::work);

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

    @Test
    void saysThatAnotherProcessHasItsNameForAsLongAsItIsSeen() {
        replaced = other(InstanceState.ACTIVE);
        reporter.report();
        assertThat(conflict.problem())
                .as("what was there before the first report")
                .isEmpty();
        replaced = written.get(0);
        reporter.report();
        assertThat(conflict.problem()).isEmpty();
        replaced = other(InstanceState.ACTIVE);
        reporter.report();
        assertThat(conflict.problem()).hasValueSatisfying(problem -> assertThat(problem)
                .contains("another process reports as test/one", "instance(...)", "REGISTRY_INSTANCE"));
        replaced = written.get(2);
        reporter.report();
        assertThat(conflict.problem())
                .as("until it was not seen for three heartbeats")
                .isPresent();
        nanos += Duration.ofSeconds(90).toNanos();
        reporter.report();
        assertThat(conflict.problem()).isEmpty();
    }

    @Test
    void takesNeitherAPredecessorsEndNorAnOldClientForAnotherOfItsName() {
        reporter.report();
        replaced = other(InstanceState.STOPPED);
        reporter.report();
        replaced = other(InstanceState.ACTIVE).toBuilder()
                .incarnation(Optional.empty())
                .build();
        reporter.report();
        assertThat(conflict.problem()).isEmpty();
    }

    private InstanceReport other(InstanceState state) {
        return InstanceReport.builder(database, "test", "one")
                .state(state)
                .incarnation(Optional.of("other"))
                .build();
    }

    private final class Registry implements SettingsRegistry {
        @Override
        public ReadResult read(DatabaseName name) {
            return new ReadResult.Absent(Optional.empty());
        }

        @Override
        public Optional<InstanceReport> report(InstanceReport report) {
            if (aClassIsMissing) {
                throw new NoClassDefFoundError("of the SDK");
            }
            written.add(report);
            return Optional.ofNullable(replaced);
        }

        @Override
        public String describe() {
            return "a registry in a test";
        }
    }
}
