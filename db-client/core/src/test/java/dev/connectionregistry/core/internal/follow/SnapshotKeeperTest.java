package dev.connectionregistry.core.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a snapshot for which there is no thread. */
class SnapshotKeeperTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private boolean noRoomForAWorker;

    private void work(Runnable task) {
        if (noRoomForAWorker) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    private static SnapshotFile.Content version(long version) {
        return new SnapshotFile.Content(version, Servers.settings(new Endpoint("old", 5432, "orders")));
    }

    @Test
    void settingsForWhoseSavingThereIsNoThreadHinderNothingAndTheNextAreSaved(@TempDir Path folder) {
        Path file = folder.resolve("orders.json");
        SnapshotKeeper keeper = new SnapshotKeeper(file, ORDERS, this::work);
        noRoomForAWorker = true;
        keeper.save(version(4)); // what comes after it, such as opening the gate, has to be done
        noRoomForAWorker = false;
        keeper.save(version(5));
        assertThat(new SnapshotKeeper(file, ORDERS, this::work).load())
                .isEqualTo(new SnapshotKeeper.Loaded(version(5), ""));
    }
}
