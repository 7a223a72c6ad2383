package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * Opens one generation: the first connection shows whether the server can be used at all; the others, opened several at
 * a time ({@link PoolFill}), warm the pool before anybody borrows from it. The {@link Connector} validates every
 * connection. For one use; {@link #cancel} may be called by any thread.
 */
public final class GenerationOpener {
    private static final Duration WARM_BOUND = Duration.ofSeconds(10);
    private static final Duration WARM_EACH = Duration.ofMillis(200);

    private final long number;
    private final String poolName;
    private final ConnectionSettings settings;
    private final int warm;
    private final ConnectionSource source;
    private final Adder adder;
    private final PoolEnvironment customs;
    private volatile boolean cancelled;

    /**
     * Prepares, without contacting anything.
     *
     * @param database for the pool's name
     * @param number the generation
     * @param lately how many connections were recently in use; the pool counts as open when it has as many
     * @param accepts what counts as a primary, until this changes
     * @param signs is notified of what its connections show
     * @param customs what the service decides in code
     * @param housekeeper runs Hikari's periodic tasks; shared by all generations and owned by the caller
     */
    public GenerationOpener(
            String database,
            long number,
            ConnectionSettings settings,
            int lately,
            Connector connector,
            AcceptedPrimary accepts,
            ServerObserver signs,
            PoolEnvironment customs,
            ScheduledExecutorService housekeeper) {
        this.number = number;
        this.poolName = database + "-gen-" + number;
        this.settings = settings.withPool(customs.options().applyTo(settings.pool()));
        this.customs = customs;
        this.warm = Math.max(1, Math.min(lately, this.settings.pool().maximumSize()));
        this.source = new ConnectionSource(connector, this.settings, accepts, signs, customs);
        this.adder =
                new Adder(source, housekeeper, customs.options().threadFactory().orElse(fillers(poolName)));
    }

    private static ThreadFactory fillers(String poolName) {
        return task -> {
            Thread thread = new Thread(task, poolName + ":connection-filler");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** As {@link #open(int)}, for a pool whose connections no other pools keep. */
    public PoolGeneration open() throws SQLException {
        return open(0);
    }

    /**
     * Opens the pool; blocks until it is warm. Bounded by the connector's bounds, about 10 s for warming, and as long
     * again for {@code kept}.
     *
     * @param kept how many connections of the previous generation other pools keep; as many are opened ahead
     * @return an open generation, which the caller must drain or close
     * @throws SQLException if a connection can't be opened or isn't what the settings demand, or if {@link #cancel} was
     *     called; nothing is then left open
     */
    public PoolGeneration open(int kept) throws SQLException {
        PoolSettings pool = settings.pool();
        HikariConfig config = PoolConfiguration.of(poolName, pool, warm, adder, customs);
        PoolGeneration generation =
                new PoolGeneration(number, config, new HikariPool(config), adder, pool, customs.meters());
        try {
            warmUp(generation, config);
            generation.sessions().prepare(kept, WARM_BOUND, () -> cancelled);
            return generation;
        } catch (SQLException | RuntimeException | Error e) {
            generation.close();
            throw e;
        }
    }

    private void warmUp(PoolGeneration generation, HikariConfig config) throws SQLException {
        generation.fill(warm);
        BoundedWait.until(
                WARM_BOUND.plus(WARM_EACH.multipliedBy(warm)),
                () -> generation.size() >= warm || cancelled || source.lastFailure() != null);
        SQLException failure = source.lastFailure();
        if (failure != null) {
            throw failure;
        }
        if (cancelled || generation.size() < warm) {
            throw new SQLTransientConnectionException(
                    poolName + ": " + (cancelled ? "abandoned for newer settings" : "too slow") + " at "
                            + generation.size() + " of " + warm + " connections to " + settings.endpoint(),
                    "08001");
        }
        int idle = settings.pool().minimumIdle();
        config.setMinimumIdle(idle);
        generation.fill(idle - generation.size()); // Hikari checks by itself, but only every 30 s
    }

    /** The endpoint that it opens connections to. */
    public Endpoint endpoint() {
        return settings.endpoint();
    }

    /** Gives up: {@link #open} throws soon, at the latest when its current connection attempt has ended. */
    public void cancel() {
        cancelled = true;
        adder.cancel();
    }
}
