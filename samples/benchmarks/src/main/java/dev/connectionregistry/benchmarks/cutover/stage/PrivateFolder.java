package dev.connectionregistry.benchmarks.cutover.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A temporary folder that only its owner may read, deleted by {@link #close()}. Not for several threads at once, except
 * that any thread may close it.
 */
public final class PrivateFolder implements AutoCloseable {
    private final Path path;
    private final Optional<UserPrincipal> owner;

    private PrivateFolder(Path path, Optional<UserPrincipal> owner) {
        this.path = path;
        this.owner = owner;
    }

    /**
     * Makes a folder, which the caller must close.
     *
     * @param owner a user of this machine that the folder and its files shall belong to; empty for the one who runs this
     * @throws BenchmarkException if it can't be made, or given to that user
     */
    public static PrivateFolder create(String prefix, Optional<String> owner) {
        try {
            Path path = Files.createTempDirectory(prefix); // with rwx------
            Optional<UserPrincipal> principal = Optional.empty();
            if (owner.isPresent()) {
                principal = Optional.of(
                        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.get()));
                Files.setOwner(path, principal.get());
            }
            return new PrivateFolder(path, principal);
        } catch (IOException e) {
            throw new BenchmarkException("cannot make a private folder for " + prefix, e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Makes a file with {@code rw-------}, or replaces what is in it.
     *
     * @throws BenchmarkException if it can't be written
     */
    public Path write(String name, String text) {
        Path file = path.resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                if (owner.isPresent()) {
                    Files.setOwner(file, owner.get());
                }
            }
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchmarkException("cannot write " + file, e);
        }
    }

    /** The last lines of a file; empty if there is no such file. */
    public String tail(String name, int lines) {
        Path file = path.resolve(name);
        try {
            List<String> all = Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(" + file + " cannot be read: " + e + ")";
        }
    }

    /** Deletes the folder with all that is in it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
