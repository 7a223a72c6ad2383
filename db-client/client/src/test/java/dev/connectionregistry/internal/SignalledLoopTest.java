package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.signal.InstanceSignals;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.CommittedRun;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.WatchedRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop in a cutover with signals, on a clock that the test winds; HELD waits for the test, all else is done at once. */
class SignalledLoopTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Duration QUICK = Duration.ofMillis(100);
    private static final ConnectionSettings SETTINGS =
            Servers.settings(new Endpoint("old", 5432, "orders")).withPolling(Polling.every(QUICK));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final WatchedRegistry watched = new WatchedRegistry(registry);
    private final ManualScheduler control = new ManualScheduler();
    private final Pools pools = new Pools();
    private final List<String> revealed = new ArrayList<>();
    private final NameConflict conflict = new NameConflict(control::nanoTime);
    private final HeldProof held = new HeldProof(ORDERS, "test/one", conflict.incarnation());
    private final StatusBoard status = new StatusBoard(
            new StatusBoard.Identity(ORDERS, "test", "one"),
            pools,
            conflict,
            List.of(),
            Runnable::run,
            Clock.systemUTC(),
            control::nanoTime);
    private final CommittedRun run = new CommittedRun("c-1", 2);
    private final ControlLoop loop = loop();
    private final SignalEvents signals = new SignalEvents(ORDERS, held, loop::tell);

    private ControlLoop loop() {
        DirectExecutor direct = new DirectExecutor();
        Reporter reporter = new Reporter(
                watched,
                ORDERS,
                new ReportedDataSource(status::status, held, () -> tell(new Event.ReportDue())),
                conflict,
                Map.of(),
                Duration.ofSeconds(30),
                Clock.systemUTC(),
                direct);
        return new ControlLoop(
                new ControlLoop.Parts(
                        ORDERS,
                        watched,
                        control,
                        direct,
                        pools,
                        new Revealing(),
                        new SnapshotKeeper(null, ORDERS, direct),
                        status,
                        reporter,
                        held,
                        Duration.ofSeconds(30),
                        () -> 0.5),
                new ClientState.StartOptions(null, "none configured", null));
    }

    private void tell(Event event) {
        loop.tell(event);
    }

    @BeforeEach
    void getReady() {
        VersionedSettings steady = registry.put("orders", SETTINGS);
        CompletableFuture<Void> started = loop.start(Duration.ofSeconds(5));
        control.run();
        assertThat(started).isCompleted();
        registry.write(steady.nextIn(
                run.prepare(SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")), Duration.ofSeconds(5)),
                CommittedRun.CHANGE));
        control.pass(Duration.ofSeconds(2));
        assertThat(reported()).isEqualTo(InstanceState.READY);
        signals.work("c-1", true);
        control.pass(Duration.ofSeconds(1));
    }

    private InstanceReport report() {
        return watched.reports().get(watched.reports().size() - 1);
    }

    private InstanceState reported() {
        return report().state();
    }

    private void writeAndAnnounce(Kind kind) {
        registry.write(run.after(registry.version(ORDERS, run.version(kind) - 1).orElseThrow(), kind));
        signals.announced(run.announcement(kind));
        control.run();
    }

    private void drained() {
        loop.tell(new Event.Drained(1));
        control.run();
    }

    @Test
    void aHoldAndASwitchByTheirSignalsNeedNeitherAReadNorAReport() {
        int reads = watched.reads();
        int reports = watched.reports().size();
        writeAndAnnounce(Kind.HOLD);
        drained();
        assertThat(revealed).containsExactly("c-1 HELD");
        control.pass(Duration.ofMillis(300));
        writeAndAnnounce(Kind.SWITCH);
        assertThat(status.status().version()).isEqualTo(4);
        control.pass(Duration.ofMillis(900));
        assertThat(watched.reads()).isEqualTo(reads);
        assertThat(watched.reports()).hasSize(reports);
        control.pass(Duration.ofMillis(200));
        assertThat(report().version()).isEqualTo(4);
        control.pass(Duration.ofSeconds(1));
        assertThat(watched.reads()).isGreaterThan(reads);
        assertThat(status.status().problem()).isEmpty();
    }

    @Test
    void heldIsReportedAtOnceIfItsCommitmentIsNotKnownToBeWritten() {
        watched.refuseReports(new RegistryException(RegistryException.Kind.THROTTLED, "too many requests", null));
        held.follow(null, OptionalLong.empty()); // as if it had become ready now
        tell(new Event.ReportDue());
        control.pass(Duration.ofSeconds(1));
        writeAndAnnounce(Kind.HOLD);
        watched.refuseReports(null);
        drained();
        assertThat(revealed).isEmpty();
        assertThat(reported()).isEqualTo(InstanceState.HELD);
    }

    @Test
    void heldIsReportedAtOnceIfTheSignalCannotBeGiven() {
        writeAndAnnounce(Kind.HOLD);
        drained();
        assertThat(reported()).isEqualTo(InstanceState.READY);
        signals.untold();
        control.run();
        assertThat(reported()).isEqualTo(InstanceState.HELD);
    }

    @Test
    void troubleIsReportedAtOnceAfterASignalToo() {
        writeAndAnnounce(Kind.HOLD);
        loop.tell(new Event.HoldOverdue(3));
        control.run();
        assertThat(report().lastError())
                .hasValueSatisfying(problem -> assertThat(problem).contains("held for twice its budget"));
    }

    @Test
    void anInstanceThatAloneHeardOfAVersionReportsItAfterFiveSeconds() {
        signals.announced(run.announcement(Kind.HOLD)); // never written
        control.pass(Duration.ofMillis(4900));
        assertThat(status.status().problem()).isEmpty();
        control.pass(Duration.ofMillis(400));
        assertThat(report().lastError())
                .hasValueSatisfying(problem -> assertThat(problem).contains("announced version 3"));
        assertThat(status.status().staleness()).isGreaterThan(Duration.ofSeconds(5));
    }

    @Test
    void aFloodOfRepeatedAnnouncementsCausesNoRead() {
        writeAndAnnounce(Kind.HOLD);
        int reads = watched.reads();
        for (int i = 0; i < 1000; i++) {
            signals.announced(run.announcement(Kind.HOLD));
            control.pass(Duration.ofMillis(1));
        }
        assertThat(watched.reads()).isEqualTo(reads);
    }

    @Test
    void reportsThatCouldNotBeWrittenAreRepeatedSoonAlthoughPollsAreRare() {
        watched.refuseReports(new RegistryException(RegistryException.Kind.THROTTLED, "too many requests", null));
        pools.refuse = true;
        loop.tell(new Event.GenerationRefused(2, "no route"));
        control.run();
        int refused = watched.refusedReports();
        int reads = watched.reads();
        control.pass(Duration.ofSeconds(1));
        assertThat(watched.refusedReports() - refused).isBetween(3, 6);
        assertThat(watched.reads() - reads).isLessThanOrEqualTo(1);
    }

    /** The coordinator's end, as far as it is told anything. */
    private final class Revealing implements InstanceSignals {
        private String listenedTo = "";

        @Override
        public void listen(Transition transition) {
            listenedTo = transition.id();
        }

        @Override
        public void reveal(String name) {
            HeldSignal signal = HeldSignal.parse(name).orElseThrow();
            assertThat(signal.secret().heldDigest(ORDERS, listenedTo, "test/one", conflict.incarnation(), 3))
                    .isEqualTo(report().heldCommitment().orElseThrow().digest())
                    .startsWith(signal.start());
            revealed.add(listenedTo + " HELD");
        }

        @Override
        public void stop() {
            listenedTo = "";
        }
    }

    private final class Pools extends NoGenerations {
        private boolean refuse;

        @Override
        public void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) {
            tell(refuse ? new Event.GenerationRefused(generation, "no route") : new Event.GenerationOpened(generation));
        }
    }
}
