package dev.connectionregistry;

import dev.connectionregistry.core.internal.bounds.Bound;
import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.BoundsVariables;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.follow.InstanceNames;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.secrets.aws.AwsPlace;
import dev.connectionregistry.core.internal.secrets.aws.AwsSecrets;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.Assembly;
import dev.connectionregistry.internal.Libraries;
import dev.connectionregistry.internal.observe.StatusMetrics;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.LoginAs;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.status.StatusListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link RegistryDataSource}. {@code registry}, {@code database} and {@code service} are required.
 * Nothing is contacted before {@link #build}. Not thread-safe.
 */
public final class RegistryDataSourceBuilder {
    private static final Duration USUAL_CLOSE_GRACE = Duration.ofSeconds(5);

    private @Nullable Supplier<SettingsRegistry> registry;
    private boolean ownsRegistry;
    private @Nullable String database;
    private @Nullable String service;
    private @Nullable String instance;
    private @Nullable Path snapshot;
    private @Nullable ConnectionSettings fallback;
    private final List<SecretResolver> secrets = new ArrayList<>();
    private final List<StatusListener> listeners = new ArrayList<>();
    private Duration startTimeout = Duration.ofSeconds(5);
    private Duration heartbeat = Duration.ofSeconds(30);
    private Duration closeGrace = USUAL_CLOSE_GRACE;
    private PoolOptions pool = PoolOptions.DEFAULT;
    private @Nullable Connector connector;
    private @Nullable String ownUsername;
    private @Nullable SecretRef ownPassword;
    private SettingsBounds bounds = SettingsBounds.DEFAULT;
    private final List<UnaryOperator<SettingsBounds>> statements = new ArrayList<>();

    RegistryDataSourceBuilder() {
        Libraries.requireUsable();
    }

    static RegistryDataSourceBuilder fromEnvironment(Map<String, String> environment) {
        RegistryDataSourceBuilder builder = new RegistryDataSourceBuilder();
        Problems problems = new Problems();
        builder.database = environment.get("REGISTRY_DATABASE");
        builder.service = environment.get("REGISTRY_SERVICE");
        problems.require(builder.database != null, "environment variable REGISTRY_DATABASE is not set");
        problems.require(builder.service != null, "environment variable REGISTRY_SERVICE is not set");
        TableLocation location = problems.attempt(() -> TableLocation.fromEnvironment(environment));
        SettingsBounds stated = problems.attempt(() -> BoundsVariables.read(BoundsOwner.SERVICE, environment));
        PoolOptions sizes = problems.attempt(() -> PoolOptions.fromEnvironment(environment));
        problems.throwIfAny();
        builder.pool = Objects.requireNonNull(sizes);
        builder.bounds = Objects.requireNonNull(stated);
        Optional.ofNullable(environment.get("REGISTRY_INSTANCE")).ifPresent(builder::instance);
        Optional.ofNullable(environment.get("REGISTRY_SNAPSHOT")).map(Path::of).ifPresent(builder::snapshot);
        builder.registry = () -> DynamoDbSettingsRegistry.open(Objects.requireNonNull(location));
        builder.ownsRegistry = true;
        return builder;
    }

    /** Where settings are read. It stays the caller's, who must close it after the data source. */
    public RegistryDataSourceBuilder registry(SettingsRegistry settingsRegistry) {
        registry = () -> settingsRegistry;
        ownsRegistry = false;
        return this;
    }

    /** The database's logical name in the registry, such as {@code orders}. */
    public RegistryDataSourceBuilder database(String name) {
        database = name;
        return this;
    }

    /** The name of this program, in reports and in {@code pg_stat_activity}. */
    public RegistryDataSourceBuilder service(String name) {
        service = name;
        return this;
    }

    /**
     * The name of this process, unique within the service; by default the host name and the process id, plus a number
     * for each further data source of the same service and database in this process.
     */
    public RegistryDataSourceBuilder instance(String name) {
        instance = name;
        return this;
    }

    /** A file for the last good settings, to start from when the registry can't be read; one file per database. */
    public RegistryDataSourceBuilder snapshot(Path file) {
        snapshot = file;
        return this;
    }

    /** Settings to start from when neither the registry nor a snapshot has any. */
    public RegistryDataSourceBuilder fallback(ConnectionSettings settings) {
        fallback = settings;
        return this;
    }

    /**
     * Adds resolvers for further schemes, or replaces existing ones ({@code env:}, {@code file:},
     * {@code secretsmanager:}, {@code ssm:}, {@code rds-iam}) of the same scheme. They stay the caller's, who must
     * close those that need it after the data source.
     */
    public RegistryDataSourceBuilder secrets(SecretResolver... resolvers) {
        secrets.addAll(List.of(resolvers));
        return this;
    }

    /**
     * Which servers the settings may name: {@code HOST:PORT} or {@code HOST:PORT/DATABASE}, such as
     * {@code *.internal:5432}, where {@code *} stays within one label of a name (docs/security.md). After the first
     * call, no others are allowed; several calls add up, also with {@code REGISTRY_ALLOW_ENDPOINTS}. Settings that name
     * another server are rejected before anything is sent to it.
     */
    public RegistryDataSourceBuilder allowEndpoints(String... patterns) {
        statements.add(before -> before.withEndpoints(List.of(patterns)));
        return this;
    }

    /**
     * Which password references the settings may have: {@code env:ORDERS_*}, {@code secretsmanager:orders/*},
     * {@code rds-iam}, where {@code *} stays within one folder (docs/security.md). After the first call, no others are
     * allowed; several calls add up, also with {@code REGISTRY_ALLOW_SECRETS}. Without any call, only well-known
     * credentials of other systems are refused, such as {@code env:AWS_*}.
     */
    public RegistryDataSourceBuilder allowSecrets(String... patterns) {
        statements.add(before -> before.withSecrets(List.of(patterns)));
        return this;
    }

    /** The least protection that the settings must ask for: {@link Tls#REQUIRE}, {@code VERIFY_CA} or {@code VERIFY_FULL}. */
    public RegistryDataSourceBuilder requireTls(Tls least) {
        statements.add(before -> before.withTls(least));
        return this;
    }

    /**
     * Sends the password in clear text to every allowed server that asks for it, encrypted or not: for LDAP, PAM or
     * RADIUS behind a server that doesn't prove its name. Without this call, it is sent in clear text only over
     * {@code sslmode=verify-full}, to a server of {@link #allowEndpoints}.
     */
    public RegistryDataSourceBuilder allowCleartextPasswords() {
        statements.add(SettingsBounds::withCleartextPasswords);
        return this;
    }

    /**
     * Driver properties that the settings may have besides those known to be harmless: {@code NAME}, or
     * {@code NAME=VALUE} for that value only. A property that names a class can only be allowed with its value.
     */
    public RegistryDataSourceBuilder allowDriverProperties(String... properties) {
        statements.add(before -> before.withDriverProperties(List.of(properties)));
        return this;
    }

    /**
     * Logs in as this role instead of the settings' role, on every server that they name: for migrations and other work
     * that needs another role's rights. Everything else follows the settings, also through moves and cutovers. This
     * reference needs no call of {@link #allowSecrets}.
     *
     * @param username the role
     * @param password where its password is
     */
    public RegistryDataSourceBuilder credentials(String username, SecretRef password) {
        ownUsername = username;
        ownPassword = password;
        return this;
    }

    /** What this service decides about its pool in code: its own sizes, what its SQL relies on, threads, meters. */
    public RegistryDataSourceBuilder pool(PoolOptions options) {
        pool = options;
        return this;
    }

    /** Notified of every change of the status, in order, on a thread of its own; may be called several times. */
    public RegistryDataSourceBuilder listener(StatusListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * How long the first read of the registry may take before snapshot or fallback are used; default 5 s. The whole
     * start may take longer: opening the first pool takes its own time, and a start during the hold of a cutover waits
     * for the end of the hold, at most twice the hold budget (usually 10 s, and never more than 2 min).
     */
    public RegistryDataSourceBuilder startTimeout(Duration timeout) {
        startTimeout = timeout;
        return this;
    }

    /** How often this instance reports about itself when nothing changes; default 30 s. */
    public RegistryDataSourceBuilder heartbeat(Duration every) {
        heartbeat = every;
        return this;
    }

    /**
     * How long {@link RegistryDataSource#close} waits for connections in use before it ends them on the server; default 5 s, at most
     * 1 min. With zero it interrupts them at once, as HikariCP does.
     */
    public RegistryDataSourceBuilder closeGrace(Duration grace) {
        closeGrace = grace;
        return this;
    }

    /** Another way to open connections: for tests and benchmarks with a stub driver. */
    RegistryDataSourceBuilder connector(Connector other) {
        connector = other;
        return this;
    }

    /**
     * Starts the data source: reads the settings, opens the first pool, validates it.
     *
     * @return a data source that is ready for use; the caller must close it
     * @throws InvalidSettingsException naming everything that is missing or not allowed; nothing has been contacted
     * @throws StartException if there are no settings, the database is unknown, or no pool can be opened; takes at most
     *     the start time-out and the time to connect; nothing keeps running
     */
    public RegistryDataSource build() {
        Problems problems = new Problems();
        problems.require(registry != null, "registry is not set");
        DatabaseName name = problems.attempt(() -> new DatabaseName(InstanceNames.required("database", database)));
        String serviceName = problems.attempt(() -> InstanceNames.checked("service", service));
        String instanceName =
                instance == null ? null : problems.attempt(() -> InstanceNames.checked("instance", instance));
        problems.requireBetween("start timeout", startTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
        problems.requireBetween("heartbeat", heartbeat, Duration.ofMillis(200), Duration.ofMinutes(10));
        problems.requireBetween("close grace", closeGrace, Duration.ZERO, Duration.ofMinutes(1));
        problems.require(
                !pool.checkoutMeters() || StatusMetrics.isAvailable(),
                "meters of each checkout need Micrometer (io.micrometer:micrometer-core) on the class path");
        LoginGuard guard = LoginGuard.ofService(bounds, withOwnSecret(), fallback, problems);
        UnaryOperator<Connector> login =
                Objects.requireNonNullElse(problems.attempt(this::login), UnaryOperator.identity());
        if (connector == null) {
            problems.attempt(() -> {
                guard.requireDriver();
                return guard;
            });
        }
        problems.throwIfAny();
        if (instance == null) {
            instanceName = InstanceNames.ofThisProcess(name + "/" + serviceName);
        }
        if (!guard.bounds().limitsEndpoints()) {
            CleanLogger.of(RegistryDataSourceBuilder.class)
                    .info(
                            "{}: the settings may name any server; {} limits them to yours (docs/security.md)",
                            name,
                            BoundsOwner.SERVICE.statement(Bound.ENDPOINTS));
        }
        SettingsRegistry opened = Objects.requireNonNull(registry).get();
        AwsSecrets aws = new AwsSecrets(AwsPlace.DEFAULT);
        SecretResolvers resolvers = resolvers(aws);
        String application = InstanceReport.applicationName(
                Objects.requireNonNull(serviceName), Objects.requireNonNull(instanceName));
        Connector connects = connector != null ? connector : new PostgresConnector(resolvers, application, guard);
        Assembly.Ingredients ingredients = new Assembly.Ingredients(
                opened,
                Objects.requireNonNull(name),
                serviceName,
                instanceName,
                snapshot,
                fallback,
                login.apply(connects),
                listeners,
                heartbeat,
                guard.bounds().toMap(),
                pool);
        List<AutoCloseable> owned = ownsRegistry && opened instanceof AutoCloseable closeable
                ? List.of(resolvers, aws, closeable)
                : List.of(resolvers, aws);
        return RegistryDataSource.start(ingredients, startTimeout, closeGrace, owned);
    }

    private List<UnaryOperator<SettingsBounds>> withOwnSecret() {
        List<UnaryOperator<SettingsBounds>> all = new ArrayList<>(statements);
        Optional.ofNullable(ownPassword).ifPresent(own -> all.add(before -> before.withOwnSecret(own)));
        return all;
    }

    private UnaryOperator<Connector> login() {
        String username = ownUsername;
        SecretRef password = ownPassword;
        if (username == null || password == null) {
            return UnaryOperator.identity();
        }
        ConnectionSettings.requireUsername(username);
        return connects -> new LoginAs(connects, username, password);
    }

    /** The AWS resolvers come first: a given resolver for the same scheme replaces them. */
    private SecretResolvers resolvers(AwsSecrets aws) {
        List<SecretResolver> all = new ArrayList<>(aws.resolvers());
        all.addAll(secrets);
        return new SecretResolvers(all);
    }
}
