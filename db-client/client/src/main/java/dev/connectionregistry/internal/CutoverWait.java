package dev.connectionregistry.internal;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.status.DataSourceStatus;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Waits for the end of a cutover. Asks the registry itself, because what this instance has read may be a poll interval
 * old; the instance's own state only counts while the registry can't be read. Thread-safe.
 */
public final class CutoverWait {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Set<InstanceState> IN_A_CUTOVER =
            EnumSet.of(InstanceState.PREPARING, InstanceState.READY, InstanceState.HOLDING, InstanceState.HELD);

    private final SettingsRegistry registry;
    private final DatabaseName database;
    private final Supplier<DataSourceStatus> status;

    /**
     * Waits for cutovers of {@code database}, according to {@code registry} and to the {@code status} of this instance.
     */
    public CutoverWait(SettingsRegistry registry, DatabaseName database, Supplier<DataSourceStatus> status) {
        this.registry = registry;
        this.database = database;
        this.status = status;
    }

    /**
     * Returns when no cutover is under way.
     *
     * @throws SQLTransientConnectionException if one is still under way after {@code atMost}; the message names it and
     *     says what to do next
     * @throws SQLException if the thread was interrupted (its flag is set)
     */
    public void await(Duration atMost) throws SQLException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Optional<String> running = running(); running.isPresent(); running = running()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SQLTransientConnectionException(
                        database + ": " + running.get() + " has not ended within " + atMost.toMillis()
                                + " ms; see 'registry-admin cutover status " + database
                                + "', and try again when it has ended",
                        "08001");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException(
                        database + ": interrupted while waiting for the end of " + running.get(), "57014");
            }
        }
    }

    private Optional<String> running() {
        ReadResult read = registry.read(database);
        if (read instanceof ReadResult.Unreadable) {
            InstanceState state = status.get().state();
            return IN_A_CUTOVER.contains(state)
                    ? Optional.of("a cutover (this instance is " + state + ")")
                    : Optional.empty();
        }
        return read.current().flatMap(settings -> settings.transition()
                .map(transition ->
                        transition + " (phase " + transition.phase() + ", version " + settings.version() + ")"));
    }
}
