package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** What an instance of a service looks like from the registry: polls on the interval it last read, and reports. */
public final class FakeInstance {
    private final SettingsRegistry registry;
    private final Timing timing;
    private final DatabaseName database;
    private final String name;
    private Predicate<VersionedSettings> refuses = settings -> false;
    private boolean frozen;
    private long nextPoll;
    private Duration interval = Duration.ZERO;
    private long sequence;
    private long version;
    private long acknowledged;
    private String endpoint = "";
    private InstanceState state = InstanceState.STARTING;
    private Optional<String> error = Optional.empty();

    /** Service {@code checkout}, this name. */
    public FakeInstance(SettingsRegistry registry, Timing timing, String database, String name) {
        this.registry = registry;
        this.timing = timing;
        this.database = new DatabaseName(database);
        this.name = name;
    }

    /** From now on it stays on its old pool for such settings. */
    public FakeInstance refusing(Predicate<VersionedSettings> which) {
        refuses = which;
        return this;
    }

    /** It has seen this version of a table that is gone, and ignores older ones. */
    public FakeInstance sawVersion(long newest) {
        version = newest;
        acknowledged = newest;
        interval = Duration.ofSeconds(30);
        state = InstanceState.ACTIVE;
        report();
        return this;
    }

    /** It hangs: neither reads nor reports any more. */
    public void freeze() {
        frozen = true;
    }

    /** Says good-bye. */
    public void close() {
        state = InstanceState.STOPPED;
        report();
        frozen = true;
    }

    /** Lets it read the registry now. */
    public FakeInstance poll() {
        nextPoll = timing.nanoTime();
        return tick();
    }

    /** Lets it do what is due. */
    public FakeInstance tick() {
        if (!frozen && timing.nanoTime() >= nextPoll) {
            if (registry.read(database) instanceof ReadResult.Found found
                    && found.settings().version() >= acknowledged) {
                take(found.settings());
            }
            nextPoll = timing.nanoTime() + interval.toNanos();
        }
        return this;
    }

    private void take(VersionedSettings settings) {
        acknowledged = settings.version();
        interval = settings.settings().polling().interval();
        boolean refused = refuses.test(settings);
        state = refused ? InstanceState.REJECTED : InstanceState.ACTIVE;
        error = refused ? Optional.of("connection refused by the test") : Optional.empty();
        if (!refused) {
            version = settings.version();
            endpoint = settings.settings().endpoint().toString();
        }
        report();
    }

    private void report() {
        sequence++;
        try {
            registry.report(InstanceReport.builder(database, "checkout", name)
                    .state(state)
                    .version(version)
                    .acknowledgedVersion(acknowledged)
                    .endpoint(endpoint)
                    .pollInterval(interval)
                    .heartbeat(Duration.ofSeconds(30))
                    .sequence(sequence)
                    .since(timing.now())
                    .reportedAt(timing.now())
                    .pool(new PoolFigures(1, 9, 0, 10))
                    .lastError(error)
                    .clientVersion("test")
                    .build());
        } catch (RegistryException e) {
            sequence--;
        }
    }
}
