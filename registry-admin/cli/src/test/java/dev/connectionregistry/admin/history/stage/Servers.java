package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two Postgres servers and the registry, for many scenarios one after the other, each with databases of its own. Both servers
 * keep the time of each commit. The caller owns them and must close them.
 */
public final class Servers implements AutoCloseable {
    /** The role that services log in as, on both servers. */
    public static final String ROLE = "history_app";

    /** The variable with the password of {@link #ROLE}. */
    static final String ROLE_PASSWORD = "HISTORY_PASSWORD";

    /** The variable with the password of the source's superuser. */
    static final String SOURCE_PASSWORD = "OLD_ADMIN_PASSWORD";

    /** The variable with the password of the target's superuser. */
    static final String TARGET_PASSWORD = "NEW_ADMIN_PASSWORD";

    private final Cleanup cleanup = new Cleanup();
    private final String password = randomPassword();
    private final LocalPostgres source;
    private final LocalPostgres target;
    private final Registry registry;
    private Optional<LocalPostgres> sourceStandby = Optional.empty();
    private Optional<LocalPostgres> targetStandby = Optional.empty();
    private int scenarios;

    /** Starts everything side by side. */
    public Servers(int sourceMajor, int targetMajor) throws Exception {
        ExecutorService starters = Executors.newFixedThreadPool(3, task -> new Thread(task, "starts a server"));
        try {
            Future<LocalDynamoDb> dynamo = starters.submit(LocalDynamoDb::start);
            Future<LocalPostgres> first = starters.submit(server(sourceMajor));
            Future<LocalPostgres> second = starters.submit(server(targetMajor));
            source = cleanup.add(started(first));
            target = cleanup.add(started(second));
            LocalDynamoDb table = cleanup.add(started(dynamo));
            registry = cleanup.add(new Registry(table));
            registry.createTable();
        } catch (Exception e) {
            cleanup.close();
            throw e;
        } finally {
            starters.shutdown();
        }
    }

    private Callable<LocalPostgres> server(int major) {
        return () -> {
            LocalPostgres server = LocalPostgres.builder(major)
                    .setting("track_commit_timestamp", "on")
                    .start();
            try {
                return server.createLogin(ROLE, password);
            } catch (SQLException e) {
                server.close();
                throw e;
            }
        };
    }

    private static <T> T started(Future<T> server) throws Exception {
        try {
            return server.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a server can't be started", e.getCause());
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Where the fleet of each scenario begins. */
    public LocalPostgres source() {
        return source;
    }

    /** Where it is to go. */
    public LocalPostgres target() {
        return target;
    }

    /** Starts a streaming standby of each server. */
    public void startStandbys() {
        sourceStandby = Optional.of(cleanup.add(source.startStandby()));
        targetStandby = Optional.of(cleanup.add(target.startStandby()));
    }

    /** A standby of the source, if they were started. */
    Optional<LocalPostgres> sourceStandby() {
        return sourceStandby;
    }

    /** A standby of the target, if they were started. */
    Optional<LocalPostgres> targetStandby() {
        return targetStandby;
    }

    /** The registry. */
    public Registry registry() {
        return registry;
    }

    /** The password of {@link #ROLE}. */
    String password() {
        return password;
    }

    /** What processes need to reach the registry and to log in. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.put(ROLE_PASSWORD, password);
        environment.put(SOURCE_PASSWORD, source.password());
        environment.put(TARGET_PASSWORD, target.password());
        return environment;
    }

    /** A name that no scenario has had. */
    synchronized String targetDatabase() {
        scenarios++;
        return "orders" + scenarios;
    }

    @Override
    public void close() {
        cleanup.close();
    }

    @Override
    public String toString() {
        return source + " and " + target;
    }
}
