package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.samples.fleet.DemoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of this user alone that is deleted at the end. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /**
     * Makes one.
     *
     * @throws DemoException if that fails
     */
    public static Path make(Cleanup cleanup) {
        try {
            Path folder = Files.createTempDirectory("fleet-demo-");
            cleanup.add(() -> delete(folder));
            return folder;
        } catch (IOException e) {
            throw new DemoException("cannot make a temporary folder", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
