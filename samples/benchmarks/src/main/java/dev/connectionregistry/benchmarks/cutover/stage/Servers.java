package dev.connectionregistry.benchmarks.cutover.stage;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalPostgres;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The old and the new Postgres, with the roles that all rounds use. Immutable; closed by the {@link Cleanup} they were made
 * with.
 *
 * @param old where callers begin
 * @param next where they are moved to
 * @param application the role that callers log in as
 * @param operator the superuser who moves them
 */
public record Servers(LocalPostgres old, LocalPostgres next, Login application, Login operator) {
    private static final int MAX_CONNECTIONS = 200;

    /**
     * Starts both, side by side.
     *
     * @param sourceMajor the source's major version; empty for the lowest of those that were fetched
     * @param targetMajor the target's; empty for the highest
     * @throws BenchmarkException if one can't be started or set up
     */
    public static Servers start(OptionalInt sourceMajor, OptionalInt targetMajor, Cleanup cleanup, Progress progress) {
        return start(sourceMajor, targetMajor, MAX_CONNECTIONS, cleanup, progress);
    }

    /** The same with room for as many connections on each. */
    public static Servers start(
            OptionalInt sourceMajor, OptionalInt targetMajor, int maxConnections, Cleanup cleanup, Progress progress) {
        int oldest = sourceMajor.orElseGet(() -> LocalPostgres.availableMajors().first());
        int newest = targetMajor.orElseGet(() -> LocalPostgres.availableMajors().last());
        Login application = Login.withRandomPassword("orders_app");
        Login operator = Login.withRandomPassword("orders_operator");
        try {
            CompletableFuture<LocalPostgres> old =
                    starting(cleanup, progress, "source", () -> server(oldest, maxConnections, application, operator));
            CompletableFuture<LocalPostgres> next =
                    starting(cleanup, progress, "target", () -> server(newest, maxConnections, application, operator));
            CompletableFuture.allOf(old, next).join();
            return new Servers(old.join(), next.join(), application, operator);
        } catch (CompletionException e) {
            throw new BenchmarkException("the servers cannot be started", e.getCause() == null ? e : e.getCause());
        }
    }

    /** On a thread of its own; the server is closed with {@code cleanup}, also when that has closed meanwhile. */
    private static CompletableFuture<LocalPostgres> starting(
            Cleanup cleanup, Progress progress, String what, Supplier<LocalPostgres> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    LocalPostgres server = cleanup.add(start.get());
                    progress.say(what + ": " + server);
                    return server;
                },
                task -> new Thread(task, "start " + what).start());
    }

    private static LocalPostgres server(int major, int maxConnections, Login application, Login operator) {
        LocalPostgres server = LocalPostgres.builder(major)
                .usualLogins()
                .setting("max_connections", String.valueOf(maxConnections))
                .start();
        try {
            server.createLogin(application.role(), application.password())
                    .createLogin(operator.role(), operator.password())
                    .execute("postgres", "ALTER ROLE " + operator.role() + " SUPERUSER");
            return server;
        } catch (SQLException e) {
            server.close();
            throw new BenchmarkException("cannot make the roles on " + server, e);
        }
    }
}
