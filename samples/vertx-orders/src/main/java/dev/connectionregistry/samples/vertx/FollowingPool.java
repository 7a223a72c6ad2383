package dev.connectionregistry.samples.vertx;

import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.watch.SettingsFollower;
import dev.connectionregistry.watch.WatchedSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of Vert.x's client that follows the registry's settings: a new pool is opened and checked beside the old one, takes its
 * place, and the old one is closed when its work is done. Thread-safe.
 *
 * <pre>{@code
 * FollowingPool pool = new FollowingPool(vertx);
 * RegistryWatcher watcher = RegistryWatcher.builder()
 *         .registry(registry).database("orders").service("checkout")
 *         .follower(pool)
 *         .start();
 * pool.with(current -> current.withTransaction(client -> client.query("SELECT 1").execute()));
 * }</pre>
 */
public final class FollowingPool implements SettingsFollower, AutoCloseable {
    /** How long the new server may take for its first answer. */
    private static final int CHECK_SECONDS = 10;

    private final Vertx vertx;
    private volatile @Nullable PoolInUse current;

    /** Has no pool before it follows its first settings. */
    public FollowingPool(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Does {@code work} with the current pool. The pool is kept until the work's future has completed, or for the settings' drain
     * grace after it was replaced; so the work must complete its future, and must not keep the pool.
     */
    public <T> Future<T> with(Function<Pool, Future<T>> work) {
        PoolInUse used = current;
        while (used != null && !used.enter()) {
            used = current; // it was replaced just now
        }
        if (used == null) {
            return Future.failedFuture(new IllegalStateException("no pool yet: start the watcher first"));
        }
        PoolInUse entered = used;
        try {
            return work.apply(entered.pool()).onComplete(done -> entered.leave());
        } catch (RuntimeException | Error e) {
            entered.leave();
            throw e;
        }
    }

    @Override
    public void follow(WatchedSettings settings) throws Exception {
        Pool next = open(settings);
        try {
            check(next, settings.settings());
        } catch (Exception e) {
            next.close();
            throw e;
        }
        PoolInUse replaced = current;
        current = new PoolInUse(next);
        if (replaced != null) {
            replaced.retire();
            long grace = settings.settings().pool().drainGrace().toMillis();
            vertx.setTimer(Math.max(1, grace), timer -> replaced.pool().close());
        }
    }

    private Pool open(WatchedSettings watched) {
        ConnectionSettings settings = watched.settings();
        if (!settings.properties().isEmpty()) { // they are pgjdbc's: to ignore one could mean a connection without TLS
            throw new IllegalArgumentException("this client doesn't know the driver properties "
                    + settings.properties().keySet());
        }
        if (settings.endpoint().hosts().size() > 1) { // after a failover this pool would stay at the one that it chose
            throw new IllegalArgumentException(
                    "this client connects to one host, and the settings name several: " + settings.endpoint());
        }
        PoolOptions sizes = new PoolOptions()
                .setMaxSize(settings.pool().maximumSize())
                .setMaxLifetime((int) settings.pool().maxLifetime().toSeconds())
                .setMaxLifetimeUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(sizes)
                .using(vertx)
                .connectingTo(() -> vertx.executeBlocking(() -> login(watched))) // so a changed password is noticed
                .build();
    }

    private static PgConnectOptions login(WatchedSettings watched) throws SecretException {
        ConnectionSettings settings = watched.settings();
        return new PgConnectOptions()
                .setHost(settings.endpoint().host())
                .setPort(settings.endpoint().port())
                .setDatabase(settings.endpoint().databaseName())
                .setUser(settings.username())
                .setPassword(watched.password().reveal())
                .setProperties(Map.of("application_name", "vertx-orders"));
    }

    /** The server must answer, and take writes if the settings want a primary. */
    private static void check(Pool pool, ConnectionSettings settings) throws Exception {
        boolean writable = pool.query(
                        "SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::bool")
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(CHECK_SECONDS, TimeUnit.SECONDS);
        if (!writable && settings.role() == ServerRole.PRIMARY) {
            throw new IllegalStateException(settings.endpoint() + " takes no writes; the settings want a primary");
        }
    }

    /** Closes the pool; the watcher must be closed before. */
    @Override
    public void close() {
        PoolInUse last = current;
        if (last != null) {
            last.pool().close();
        }
    }
}
