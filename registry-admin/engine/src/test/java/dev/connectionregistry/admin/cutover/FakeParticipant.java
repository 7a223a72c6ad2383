package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.registry.HeldCommitment;
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
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final DatabaseName database;
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
    private String incarnation = "first";
    private Optional<FakeSignals> signals = Optional.empty();
    private Optional<VersionedSettings> newest = Optional.empty();
    private Optional<CommittedSecret> secret = Optional.empty();
    private Optional<HeldCommitment> commitment = Optional.empty();
    private long quietUntil;

    /** Service {@code checkout}, this name, of database orders. */
    public FakeParticipant(InMemoryRegistry registry, Timing timing, String name) {
        this(registry, timing, Stage.ORDERS, name);
    }

    /** The same of another database. */
    FakeParticipant(InMemoryRegistry registry, Timing timing, DatabaseName database, String name) {
        this.database = database;
        this.registry = registry;
        this.timing = timing;
        this.name = name;
    }

    /** It hears signals, and after acting on one it neither reads nor reports for a second. */
    FakeParticipant actingOn(FakeSignals which) {
        signals = Optional.of(which);
        which.listen(this);
        return this;
    }

    /** Another process begins under the same name, and reports that it has begun. */
    public FakeParticipant restart() {
        incarnation = "second";
        newest = Optional.empty();
        commitment = Optional.empty();
        secret = Optional.empty();
        return this;
    }

    /** What it does on an announcement: the same as on reading that version, if it can check it. */
    void hear(Announcement announcement) {
        Optional<Transition> transition = newest.flatMap(VersionedSettings::transition);
        boolean proven = transition
                .filter(each -> announcement.isProvenBy(newest.get().database(), each))
                .isPresent();
        if (frozen || !proven || newest.get().version() >= announcement.version()) {
            return;
        }
        VersionedSettings before = newest.get();
        AnnouncedContent content =
                AnnouncedContent.of(announcement.kind(), announcement.version(), before.settings(), transition.get());
        newest = Optional.of(new VersionedSettings(
                before.database(),
                announcement.version(),
                content.settings(),
                before.change(),
                false,
                content.transition(),
                Map.of()));
        quietUntil = timing.nanoTime() + QUIET.toNanos();
        acts();
    }

    /** Of the settings that it knows; the state may change while nothing new is read. */
    private InstanceState acts() {
        InstanceState state = state(newest.orElseThrow());
        boolean holds = commitment
                .filter(made -> made.version() == newest.get().version())
                .isPresent();
        if (state == InstanceState.HELD && holds && signals.isPresent() && secret.isPresent()) {
            signals.get()
                    .reveal(HeldSignal.parse(HeldSignal.applicationName(
                                    secret.get(), commitment.get().digest()))
                            .orElseThrow());
            secret = Optional.empty();
        }
        return state;
    }

    /** What its last READY report has published, if it hears signals. */
    public Optional<HeldCommitment> commitment() {
        return commitment;
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
        if (!frozen && timing.nanoTime() < quietUntil) {
            acts();
        } else if (!frozen && registry.read(database) instanceof ReadResult.Found found) {
            newest = Optional.of(found.settings());
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

    private void commit(VersionedSettings settings) {
        long hold = settings.version() + 1;
        if (commitment.filter(made -> made.version() == hold).isEmpty()) {
            CommittedSecret made = CommittedSecret.random();
            secret = Optional.of(made);
            commitment = Optional.of(new HeldCommitment(
                    hold,
                    made.heldDigest(
                            settings.database(),
                            settings.transition().orElseThrow().id(),
                            "checkout/" + name,
                            incarnation,
                            hold)));
        }
    }

    private void report(VersionedSettings settings) {
        InstanceState state = acts();
        if (state == InstanceState.READY && signals.isPresent()) {
            commit(settings);
        }
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
                .incarnation(Optional.of(incarnation))
                .heldCommitment(commitment)
                .bounds(bounds)
                .build());
    }
}
