package dev.connectionregistry.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.DatabaseName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptySnapshotTest {
    @Test
    void aSnapshotOfNothingIsDamagedLikeAnyOther(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("orders.json"), "null");
        assertThatThrownBy(() -> new SnapshotFile(file, new DatabaseName("orders")).load())
                .isInstanceOf(SnapshotFile.UnusableException.class)
                .hasMessageContaining("damaged");
    }
}
