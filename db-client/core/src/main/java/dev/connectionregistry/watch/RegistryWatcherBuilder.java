package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.follow.InstanceNames;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.secrets.aws.AwsPlace;
import dev.connectionregistry.core.internal.secrets.aws.AwsSecrets;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.Tls;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link RegistryWatcher}. {@code registry}, {@code database}, {@code service} and {@code follower} are
 * required. Nothing is contacted before {@link #start}. Not thread-safe.
 */
public final class RegistryWatcherBuilder {
    private @Nullable SettingsRegistry registry;
    private @Nullable String database;
    private @Nullable String service;
    private @Nullable String instance;
    private @Nullable SettingsFollower follower;
    private @Nullable Path snapshot;
    private @Nullable ConnectionSettings fallback;
    private Duration startTimeout = Duration.ofSeconds(5);
    private Duration heartbeat = Duration.ofSeconds(30);
    private final List<SecretResolver> secrets = new ArrayList<>();
    private final List<UnaryOperator<SettingsBounds>> bounds = new ArrayList<>();

    RegistryWatcherBuilder() {}

    /** Where settings are read. It stays the caller's, who must close it after the watcher. */
    public RegistryWatcherBuilder registry(SettingsRegistry settingsRegistry) {
        registry = settingsRegistry;
        return this;
    }

    /** The database's logical name in the registry, such as {@code orders}. */
    public RegistryWatcherBuilder database(String name) {
        database = name;
        return this;
    }

    /** The name of this program in reports. */
    public RegistryWatcherBuilder service(String name) {
        service = name;
        return this;
    }

    /** The name of this process, unique within the service; by default the host name and the process id. */
    public RegistryWatcherBuilder instance(String name) {
        instance = name;
        return this;
    }

    /** Called when the service must use other settings. */
    public RegistryWatcherBuilder follower(SettingsFollower settingsFollower) {
        follower = settingsFollower;
        return this;
    }

    /** A file for the last good settings, to start from when the registry can't be read; one file per database. */
    public RegistryWatcherBuilder snapshot(Path file) {
        snapshot = file;
        return this;
    }

    /** Settings to start from when neither the registry nor a snapshot has any. */
    public RegistryWatcherBuilder fallback(ConnectionSettings settings) {
        fallback = settings;
        return this;
    }

    /** Adds resolvers for further schemes, or replaces existing ones; they stay the caller's. */
    public RegistryWatcherBuilder secrets(SecretResolver... resolvers) {
        secrets.addAll(List.of(resolvers));
        return this;
    }

    /** Which servers the settings may name, such as {@code *.internal:5432} (docs/security.md); several calls add up. */
    public RegistryWatcherBuilder allowEndpoints(String... patterns) {
        bounds.add(before -> before.withEndpoints(List.of(patterns)));
        return this;
    }

    /** Which references to passwords the settings may have, such as {@code env:ORDERS_*} (docs/security.md); several calls add up. */
    public RegistryWatcherBuilder allowSecrets(String... patterns) {
        bounds.add(before -> before.withSecrets(List.of(patterns)));
        return this;
    }

    /**
     * The least protection that the settings must ask for; whether the follower's client obeys them is up to the
     * client.
     */
    public RegistryWatcherBuilder requireTls(Tls least) {
        bounds.add(before -> before.withTls(least));
        return this;
    }

    /**
     * Driver properties that the settings may have besides those known to be harmless: {@code NAME}, or
     * {@code NAME=VALUE} for that value only. The names are pgjdbc's; the follower must refuse what its client doesn't
     * know.
     */
    public RegistryWatcherBuilder allowDriverProperties(String... properties) {
        bounds.add(before -> before.withDriverProperties(List.of(properties)));
        return this;
    }

    /** How long the first read of the registry may take before snapshot or fallback are used; default 5 s. */
    public RegistryWatcherBuilder startTimeout(Duration timeout) {
        startTimeout = timeout;
        return this;
    }

    /** How often this instance reports about itself when nothing changes; default 30 s. */
    public RegistryWatcherBuilder heartbeat(Duration every) {
        heartbeat = every;
        return this;
    }

    /**
     * Starts: reads the settings and makes the follower use them.
     *
     * @return a watcher whose follower uses the settings; the caller must close it
     * @throws InvalidSettingsException naming everything that is missing or not allowed; nothing has been contacted
     * @throws WatcherStartException if there are no settings, the database is unknown, or the follower can't use the
     *     settings; nothing keeps running
     */
    public RegistryWatcher start() {
        Problems problems = new Problems();
        problems.require(registry != null, "registry is not set");
        problems.require(follower != null, "follower is not set");
        DatabaseName name = problems.attempt(() -> new DatabaseName(InstanceNames.required("database", database)));
        String serviceName = problems.attempt(() -> InstanceNames.checked("service", service));
        String instanceName =
                instance == null ? null : problems.attempt(() -> InstanceNames.checked("instance", instance));
        problems.requireBetween("start timeout", startTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
        problems.requireBetween("heartbeat", heartbeat, Duration.ofMillis(200), Duration.ofMinutes(10));
        LoginGuard guard = LoginGuard.ofService(SettingsBounds.DEFAULT, bounds, fallback, problems);
        problems.throwIfAny();
        if (instance == null) {
            instanceName = InstanceNames.ofThisProcess(name + "/" + serviceName);
        }
        AwsSecrets aws = new AwsSecrets(AwsPlace.DEFAULT);
        List<SecretResolver> all = new ArrayList<>(aws.resolvers());
        all.addAll(secrets);
        SecretResolvers resolvers = new SecretResolvers(all);
        Ingredients ingredients = new Ingredients(
                Objects.requireNonNull(registry),
                Objects.requireNonNull(name),
                Objects.requireNonNull(serviceName),
                Objects.requireNonNull(instanceName),
                Objects.requireNonNull(follower),
                resolvers,
                guard,
                heartbeat,
                fallback);
        RegistryWatcher watcher = new RegistryWatcher(ingredients, snapshot, List.of(resolvers, aws));
        watcher.start(startTimeout);
        return watcher;
    }

    record Ingredients(
            SettingsRegistry registry,
            DatabaseName database,
            String service,
            String instance,
            SettingsFollower follower,
            SecretResolvers secrets,
            LoginGuard guard,
            Duration heartbeat,
            @Nullable ConnectionSettings fallback) {

        WatcherLoop.Parts parts(
                Scheduler control,
                ExecutorService workers,
                ExecutorService followerThread,
                DoubleSupplier chance,
                Clock clock) {
            return new WatcherLoop.Parts(
                    database,
                    service,
                    instance,
                    registry,
                    control,
                    workers,
                    followerThread,
                    content -> follower.follow(new WatchedSettings(content.version(), content.settings(), secrets)),
                    settings -> guard.refusals(settings.endpoint(), settings.password(), settings.properties()),
                    guard.bounds().toMap(),
                    heartbeat,
                    fallback,
                    chance,
                    clock);
        }
    }
}
