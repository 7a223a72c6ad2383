package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.ClientState.StartOptions;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.status.SettingsSource;
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
final class SnapshotKeeper {
    private static final Logger LOG = CleanLogger.of(SnapshotKeeper.class);

    private final DatabaseName database;
    private final @Nullable SnapshotFile file;
    private final Executor workers;
    private final AtomicReference<@Nullable SettingsToServe> waiting = new AtomicReference<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile boolean troubled;

    SnapshotKeeper(@Nullable Path path, DatabaseName database, Executor workers) {
        this.database = database;
        this.file = path == null ? null : new SnapshotFile(path, database);
        this.workers = workers;
    }

    /** What there is to start from besides the registry. Reads the file. */
    StartOptions startOptions(@Nullable ConnectionSettings fallback) {
        if (file == null) {
            return new StartOptions(null, "none configured", fallback);
        }
        try {
            SnapshotFile.Content content = file.load();
            return new StartOptions(
                    new SettingsToServe(content.version(), content.settings(), SettingsSource.SNAPSHOT), "", fallback);
        } catch (SnapshotFile.UnusableException e) {
            return new StartOptions(null, String.valueOf(e.getMessage()), fallback);
        }
    }

    /** Saves {@code target} soon, unless a newer one comes first. Never throws. */
    void save(SettingsToServe target) {
        if (file != null) {
            waiting.set(target);
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
                SettingsToServe next = waiting.getAndSet(null);
                if (next != null) {
                    write(into, next);
                }
            } finally {
                writing.set(false);
            }
        }
    }

    private void write(SnapshotFile into, SettingsToServe target) {
        try {
            into.save(new SnapshotFile.Content(target.version(), target.settings()));
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
