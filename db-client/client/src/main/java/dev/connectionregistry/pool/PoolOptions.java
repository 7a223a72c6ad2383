package dev.connectionregistry.pool;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.PoolSettings;
import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a service decides about its pool in code, because it doesn't belong in the registry: what its own SQL relies on
 * (auto-commit, isolation, read-only, schema, a statement for each new session), what concerns its process (threads,
 * meters), and its own sizes. Immutable and thread-safe.
 *
 * <pre>{@code
 * RegistryDataSource.builder()
 *         .pool(PoolOptions.DEFAULT.withMaximumSize(30).withConnectionInitSql("SET TIME ZONE 'UTC'"))
 * }</pre>
 */
public final class PoolOptions {
    /** Sizes from the settings; sessions as the driver opens them; daemon threads; no meters of each checkout. */
    public static final PoolOptions DEFAULT = new PoolOptions(
            new Sizes(OptionalInt.empty(), OptionalInt.empty()),
            new Session(null, true, false, null, null),
            null,
            false);

    private static final int LARGEST_SIZE = 1000;
    private static final int LONGEST_SQL = 4096;

    private final Sizes sizes;
    private final Session session;
    private final @Nullable ThreadFactory threadFactory;
    private final boolean meters;

    private record Sizes(OptionalInt maximum, OptionalInt minimumIdle) {}

    private record Session(
            @Nullable String initSql,
            boolean autoCommit,
            boolean readOnly,
            @Nullable Integer isolation,
            @Nullable String schema) {}

    private PoolOptions(Sizes sizes, Session session, @Nullable ThreadFactory threadFactory, boolean meters) {
        this.sizes = sizes;
        this.session = session;
        this.threadFactory = threadFactory;
        this.meters = meters;
    }

    /**
     * Sizes from {@code REGISTRY_MAXIMUM_SIZE} and {@code REGISTRY_MINIMUM_IDLE}, where they are set.
     *
     * @throws InvalidSettingsException if one isn't a number, or isn't allowed
     */
    public static PoolOptions fromEnvironment(Map<String, String> environment) {
        PoolOptions options = DEFAULT;
        String maximum = environment.get("REGISTRY_MAXIMUM_SIZE");
        if (maximum != null) {
            options = options.withMaximumSize(number("REGISTRY_MAXIMUM_SIZE", maximum));
        }
        String idle = environment.get("REGISTRY_MINIMUM_IDLE");
        return idle == null ? options : options.withMinimumIdle(number("REGISTRY_MINIMUM_IDLE", idle));
    }

    private static int number(String variable, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new InvalidSettingsException(
                    "environment variable " + variable + " is '" + text + "'; it must be a whole number");
        }
    }

    /**
     * The largest number of connections of this data source; overrides the settings, even when they change; 1 to 1000.
     *
     * @throws InvalidSettingsException if the size is not allowed
     */
    public PoolOptions withMaximumSize(int size) {
        return withSizes(new Sizes(OptionalInt.of(checked("maximum size", size, 1)), sizes.minimumIdle));
    }

    /**
     * How many idle connections this data source keeps; overrides the settings; 0 to 1000, and never more than the
     * maximum.
     *
     * @throws InvalidSettingsException if the number is not allowed
     */
    public PoolOptions withMinimumIdle(int idle) {
        return withSizes(new Sizes(sizes.maximum, OptionalInt.of(checked("minimum idle", idle, 0))));
    }

    private static int checked(String what, int value, int least) {
        if (value < least || value > LARGEST_SIZE) {
            throw new InvalidSettingsException(
                    "pool " + what + " " + value + " is not allowed; use " + least + " to " + LARGEST_SIZE);
        }
        return value;
    }

    /**
     * A statement that every new connection executes before it is first used, such as {@code SET TIME ZONE 'UTC'}. If
     * it fails, the connection counts as one that can't be opened: newer settings are rejected with its cause. The
     * service's role executes it on every server that the settings name. So it isn't in the settings, which others may
     * write.
     *
     * @throws InvalidSettingsException if it is blank or longer than 4096 characters
     */
    public PoolOptions withConnectionInitSql(String sql) {
        if (sql.isBlank() || sql.length() > LONGEST_SQL) {
            throw new InvalidSettingsException("the connection's initial SQL has " + sql.length()
                    + " characters; use 1 to " + LONGEST_SQL + ", not only blanks");
        }
        return withSession(new Session(sql, session.autoCommit, session.readOnly, session.isolation, session.schema));
    }

    /** Whether a borrowed connection commits each statement; true by default, as in JDBC. */
    public PoolOptions withAutoCommit(boolean autoCommit) {
        return withSession(
                new Session(session.initSql, autoCommit, session.readOnly, session.isolation, session.schema));
    }

    /** Whether a borrowed connection is set to read-only; false by default. Independent of the server's role. */
    public PoolOptions withReadOnly(boolean readOnly) {
        return withSession(
                new Session(session.initSql, session.autoCommit, readOnly, session.isolation, session.schema));
    }

    /**
     * The isolation of a borrowed connection's transactions; by default the server's.
     *
     * @param level such as {@link Connection#TRANSACTION_REPEATABLE_READ}
     * @throws InvalidSettingsException if Postgres has no such level
     */
    public PoolOptions withTransactionIsolation(int level) {
        boolean known = level == Connection.TRANSACTION_READ_UNCOMMITTED
                || level == Connection.TRANSACTION_READ_COMMITTED
                || level == Connection.TRANSACTION_REPEATABLE_READ
                || level == Connection.TRANSACTION_SERIALIZABLE;
        if (!known) {
            throw new InvalidSettingsException("transaction isolation " + level
                    + " is not allowed; use a constant such as Connection.TRANSACTION_REPEATABLE_READ");
        }
        return withSession(new Session(session.initSql, session.autoCommit, session.readOnly, level, session.schema));
    }

    /**
     * The schema of a borrowed connection; by default that of the role, the database or the property
     * {@code currentSchema}.
     */
    public PoolOptions withSchema(String schema) {
        return withSession(new Session(
                session.initSql,
                session.autoCommit,
                session.readOnly,
                session.isolation,
                Objects.requireNonNull(schema)));
    }

    /**
     * Creates the threads on which HikariCP opens and closes connections; by default its own daemon threads. The
     * threads that follow the registry always belong to the data source.
     */
    public PoolOptions withThreadFactory(ThreadFactory factory) {
        return new PoolOptions(sizes, session, Objects.requireNonNull(factory), meters);
    }

    /**
     * Measures each checkout, use and new connection under HikariCP's meter names
     * ({@code hikaricp.connections.acquire}, {@code .usage}, {@code .creation}, {@code .timeout}) in Micrometer's
     * global registry. This reads the clock several times for each checkout (docs/hikaricp.md); without it there are
     * only gauges, which cost nothing.
     */
    public PoolOptions withCheckoutMeters() {
        return new PoolOptions(sizes, session, threadFactory, true);
    }

    private PoolOptions withSizes(Sizes other) {
        return new PoolOptions(other, session, threadFactory, meters);
    }

    private PoolOptions withSession(Session other) {
        return new PoolOptions(sizes, other, threadFactory, meters);
    }

    /** The settings' sizes and time-outs, with this service's own sizes applied. */
    public PoolSettings applyTo(PoolSettings settings) {
        PoolSettings sized = sizes.maximum.isPresent() ? settings.withMaximumSize(sizes.maximum.getAsInt()) : settings;
        return sizes.minimumIdle.isPresent()
                ? sized.withMinimumIdle(Math.min(sizes.minimumIdle.getAsInt(), sized.maximumSize()))
                : sized;
    }

    /** The statement that each new connection executes. */
    public Optional<String> connectionInitSql() {
        return Optional.ofNullable(session.initSql);
    }

    /** Whether borrowed connections commit each statement. */
    public boolean autoCommit() {
        return session.autoCommit;
    }

    /** Whether borrowed connections are read-only. */
    public boolean readOnly() {
        return session.readOnly;
    }

    /** The isolation of borrowed connections; empty for the server's. */
    public OptionalInt transactionIsolation() {
        return session.isolation == null ? OptionalInt.empty() : OptionalInt.of(session.isolation);
    }

    /** The schema of borrowed connections. */
    public Optional<String> schema() {
        return Optional.ofNullable(session.schema);
    }

    /** The factory of HikariCP's threads. */
    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(threadFactory);
    }

    /** Whether each checkout is measured. */
    public boolean checkoutMeters() {
        return meters;
    }
}
