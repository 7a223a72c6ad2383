package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/** Reads the registry on a worker, each time within a bound, and schedules the next read. Control thread only. */
public final class RegistryReads {
    /** A registry bounds its own calls; one that doesn't must not stop the polling. */
    private static final Duration READ_BOUND = Duration.ofSeconds(10);

    private final SettingsRegistry registry;
    private final DatabaseName database;
    private final Scheduler control;
    private final ExecutorService workers;
    private final DoubleSupplier chance;
    private final Events events;
    private Scheduler.Timer nextPoll = Scheduler.Timer.NONE;
    private Scheduler.Timer readBound = Scheduler.Timer.NONE;
    /** The last read that was started. */
    private Future<?> reading = CompletableFuture.completedFuture(null);

    /** Receives the results. Control thread only. */
    public interface Events {
        /** The next read is due. */
        void due();

        /** A read has ended, perhaps one whose answer is no longer awaited. */
        void returned(long number, ReadResult result);

        /** A read has not ended within its bound. */
        void overdue(long number);
    }

    /** Reads {@code database} on {@code workers}; {@code chance} returns random numbers between 0 and 1. */
    public RegistryReads(
            SettingsRegistry registry,
            DatabaseName database,
            Scheduler control,
            ExecutorService workers,
            DoubleSupplier chance,
            Events events) {
        this.registry = registry;
        this.database = database;
        this.control = control;
        this.workers = workers;
        this.chance = chance;
        this.events = events;
    }

    /** Starts a read; its result comes back with this number. */
    public void read(long number) {
        nextPoll.cancel();
        reading.cancel(true); // a read that still runs no longer counts
        readBound.cancel();
        readBound = control.schedule( // before the read starts: polling continues whatever happens to it
                () -> {
                    reading.cancel(true);
                    events.overdue(number);
                },
                READ_BOUND);
        reading = workers.submit(() -> {
            ReadResult result = readOnce();
            control.execute(() -> events.returned(number, result));
        });
    }

    private ReadResult readOnce() {
        try {
            return registry.read(database);
        } catch (RuntimeException | Error e) { // a registry shouldn't throw; if it does, polling continues
            return new ReadResult.Unreadable(
                    new RegistryException(RegistryException.Kind.INVALID, "the registry threw " + e, e));
        }
    }

    /** The result of a read that is overdue. */
    public static ReadResult noEnd() {
        return new ReadResult.Unreadable(
                new RegistryException(RegistryException.Kind.UNREACHABLE, "the read did not end in time", null));
    }

    /** Schedules the next read after this delay and cancels the one scheduled before. */
    public void after(Duration delay, Jitter jitter) {
        nextPoll.cancel();
        nextPoll = control.schedule(events::due, jitter.applied(delay, chance.getAsDouble()));
    }

    /** Cancels all scheduled reads. */
    public void cancelTimers() {
        nextPoll.cancel();
        readBound.cancel();
    }
}
