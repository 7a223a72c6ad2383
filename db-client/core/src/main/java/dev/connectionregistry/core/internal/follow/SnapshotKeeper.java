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
 * Loads the snapshot at the start and saves good settings, on a worker, newest last. Trouble with the file is logged once
 * and harms nothing else. Thread-safe.
 */
public final class SnapshotKeeper {
    private static final Logger LOG = CleanLogger.of(SnapshotKeeper.class);

    private final DatabaseName database;
    private final @Nullable SnapshotFile file;
    private final Executor workers;
    private final AtomicReference<SnapshotFile.@Nullable Content> waiting = new AtomicReference<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile boolean troubled;

    /** Keeps it at {@code path}; nowhere if that is null. */
    public SnapshotKeeper(@Nullable Path path, DatabaseName database, Executor workers) {
        this.database = database;
        this.file = path == null ? null : new SnapshotFile(path, database);
        this.workers = workers;
    }

    /**
     * What there is to start from besides the registry.
     *
     * @param content the settings; null if there are none that can be used
     * @param problem why there are none; empty if there are
     */
    public record Loaded(SnapshotFile.@Nullable Content content, String problem) {}

    /** Reads the file. */
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

    /** Saves {@code content} soon, unless a newer one comes first. Never throws. */
    public void save(SnapshotFile.Content content) {
        if (file != null) {
            waiting.set(content);
            try {
                workers.execute(() -> writeAll(file));
            } catch (RuntimeException | Error e) { // such as no room for another thread; what comes after it can't wait
                noteTrouble(e);
            }
        }
    }

    /** One writer at a time; it goes on until nothing is waiting, so the newest settings are written last. */
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
                    "{}: the snapshot can't be saved; a start without the registry will lack it: {}",
                    database,
                    trouble.toString());
        }
        troubled = true;
    }
}
