package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An instance that takes part in cutovers, as it looks from the registry: does at each tick what stands there. */
public final class FakeParticipant {
    private final InMemoryRegistry registry;
    private final Timing timing;
    private final String name;
    private boolean frozen;
    private boolean rejects;
    private boolean busy;
    private int protocol = InstanceReport.PROTOCOL;
    private Map<String, List<String>> bounds = Map.of();
    private long sequence;
    private long version;
    private String endpoint = "";

    /** Service {@code checkout}, this name, of database orders. */
    public FakeParticipant(InMemoryRegistry registry, Timing timing, String name) {
        this.registry = registry;
        this.timing = timing;
        this.name = name;
    }

    /** From now on it neither reads nor reports. */
    public FakeParticipant freeze() {
        frozen = true;
        return this;
    }

    /** It can't open a pool for the target. */
    public FakeParticipant rejecting() {
        rejects = true;
        return this;
    }

    /** A transaction of its does not end. */
    public FakeParticipant busy(boolean still) {
        busy = still;
        return this;
    }

    /** Its owner states these bounds. */
    public FakeParticipant bounds(Map<String, List<String>> stated) {
        bounds = stated;
        return this;
    }

    /** It is of an old release. */
    public FakeParticipant protocol(int which) {
        protocol = which;
        return this;
    }

    /** Reads, does, reports. */
    public FakeParticipant tick() {
        if (!frozen && registry.read(new DatabaseName("orders")) instanceof ReadResult.Found found) {
            report(found.settings());
        }
        return this;
    }

    private InstanceState state(VersionedSettings settings) {
        if (settings.transition().isEmpty()) {
            version = settings.version();
            endpoint = settings.settings().endpoint().toString();
            return InstanceState.ACTIVE;
        }
        if (rejects) {
            return InstanceState.REJECTED;
        }
        if (settings.transition().get().phase() == Transition.Phase.PREPARE) {
            return InstanceState.READY;
        }
        return busy ? InstanceState.HOLDING : InstanceState.HELD;
    }

    private void report(VersionedSettings settings) {
        InstanceState state = state(settings);
        registry.report(InstanceReport.builder(settings.database(), "checkout", name)
                .state(state)
                .version(version)
                .acknowledgedVersion(settings.version())
                .endpoint(endpoint)
                .pollInterval(settings.settings().polling().interval())
                .heartbeat(Duration.ofSeconds(30))
                .sequence(++sequence)
                .since(timing.now())
                .reportedAt(timing.now())
                .pool(new PoolFigures(1, 9, 0, 10))
                .lastError(
                        state == InstanceState.REJECTED
                                ? Optional.of("password refused by the test")
                                : Optional.empty())
                .clientVersion("test")
                .protocol(protocol)
                .bounds(bounds)
                .build());
    }
}
