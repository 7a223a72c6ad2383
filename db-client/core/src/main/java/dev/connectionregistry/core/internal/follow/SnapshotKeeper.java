package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.DatabaseName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Loads the snapshot at the start and saves good settings on a worker, the newest last. A failure of the file is logged
 * once and affects nothing else. Thread-safe.
 */
public final class SnapshotKeeper {
    private static final Logger LOG = CleanLogger.of(SnapshotKeeper.class);

    private final DatabaseName database;
    private final @Nullable SnapshotFile file;
    private final Executor workers;
    private final AtomicReference<SnapshotFile.@Nullable Content> waiting = new AtomicReference<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile boolean troubled;

    /** Keeps the snapshot at {@code path}; keeps none if that is null. */
    public SnapshotKeeper(@Nullable Path path, DatabaseName database, Executor workers) {
        this.database = database;
        this.file = path == null ? null : new SnapshotFile(path, database);
        this.workers = workers;
    }

    /**
     * The settings to start from when the registry can't be read.
     *
     * @param content the settings; null if there are none that can be used
     * @param problem why {@code content} is null; empty if it isn't
     */
    public record Loaded(SnapshotFile.@Nullable Content content, String problem) {}

    public Loaded load() {
        if (file == null) {
            return new Loaded(null, "none configured");
        }
        try {
            return new Loaded(file.load(), "");
        } catch (SnapshotFile.UnusableException e) {
            return new Loaded(null, String.valueOf(e.getMessage()));
        }
    }

    /** Saves {@code content} soon, unless newer content replaces it first. Never throws. */
    public void save(SnapshotFile.Content content) {
        if (file != null) {
            waiting.set(content);
            try {
                workers.execute(() -> writeAll(file));
            } catch (RuntimeException | Error e) { // such as no memory for another thread; the caller must go on
                noteTrouble(e);
            }
        }
    }

    /**
     * Only one writer runs at a time; it continues until nothing is waiting, so the newest settings are written last.
     */
    private void writeAll(SnapshotFile into) {
        while (waiting.get() != null && writing.compareAndSet(false, true)) {
            try {
                SnapshotFile.Content next = waiting.getAndSet(null);
                if (next != null) {
                    write(into, next);
                }
            } finally {
                writing.set(false);
            }
        }
    }

    private void write(SnapshotFile into, SnapshotFile.Content content) {
        try {
            into.save(content);
            troubled = false;
        } catch (IOException | RuntimeException e) {
            noteTrouble(e);
        }
    }

    private void noteTrouble(Throwable trouble) {
        if (!troubled) {
            LOG.warn(
                    "{}: the snapshot can't be saved; a start without the registry would not have it: {}",
                    database,
                    trouble.toString());
        }
        troubled = true;
    }
}
