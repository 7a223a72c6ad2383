package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.signal.InstanceSignals;
import dev.connectionregistry.local.HostileDocuments;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.testing.Servers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The loop on a clock that the test winds; registry and decisions are real, pools are not. */
class ControlLoopTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final ConnectionSettings SETTINGS =
            Servers.settings(new Endpoint("old", 5432, "orders")).withPolling(Polling.every(Duration.ofSeconds(1)));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualScheduler control = new ManualScheduler();
    private final RecordedGenerations generations = new RecordedGenerations();
    private final List<DataSourceStatus> told = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.connectionregistry");
    private int reads;
    private boolean reportsFail;
    private int reportsInVain;
    private boolean noRoomForListeners;

    private final NameConflict conflict = new NameConflict(control::nanoTime);
    private final StatusBoard status = new StatusBoard(
            new StatusBoard.Identity(ORDERS, "test", "one"),
            generations,
            conflict,
            List.of((previous, current) -> told.add(current)),
            this::tell,
            Clock.systemUTC(),
            control::nanoTime);
    private final HeldProof held = new HeldProof(ORDERS, "test/one", conflict.incarnation());
    private final ControlLoop loop = loop();

    private void tell(Event event) {
        loop.tell(event);
    }

    private void tell(Runnable task) {
        if (noRoomForListeners) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        task.run();
    }

    private ControlLoop loop() {
        DirectExecutor direct = new DirectExecutor();
        SettingsRegistry counting = new SettingsRegistry() {
            @Override
            public ReadResult read(DatabaseName database) {
                reads++;
                return registry.read(database);
            }

            @Override
            public Optional<InstanceReport> report(InstanceReport report) {
                if (reportsFail) {
                    reportsInVain++;
                    throw new RegistryException(RegistryException.Kind.THROTTLED, "too many requests", null);
                }
                return registry.report(report);
            }

            @Override
            public String describe() {
                return registry.describe();
            }
        };
        Reporter reporter = new Reporter(
                counting,
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
                        counting,
                        control,
                        direct,
                        generations,
                        InstanceSignals.NONE,
                        new SnapshotKeeper(null, ORDERS, direct),
                        status,
                        reporter,
                        held,
                        Duration.ofSeconds(30),
                        () -> 0.5),
                new ClientState.StartOptions(null, "none configured", null));
    }

    @BeforeEach
    void listenToTheLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void restoreTheLog() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(Level.WARN);
    }

    private void start() {
        registry.put("orders", SETTINGS);
        CompletableFuture<Void> started = loop.start(Duration.ofSeconds(5));
        control.run();
        assertThat(started).isCompleted();
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void pollsOnTheIntervalThatTheSettingsSetFromTheNextPollOn() {
        start();
        reads = 0;
        control.pass(Duration.ofSeconds(10));
        assertThat(reads).isEqualTo(10);
        registry.put("orders", SETTINGS.withPolling(Polling.every(Duration.ofMillis(100))));
        control.pass(Duration.ofSeconds(1));
        reads = 0;
        control.pass(Duration.ofSeconds(1));
        assertThat(reads).isEqualTo(10);
    }

    @Test
    void servesThroughTenMinutesOfThrottlingSaysItOnceAndRecovers() {
        start();
        registry.fail(new RegistryException(RegistryException.Kind.THROTTLED, "too many requests", null));
        reads = 0;
        control.pass(Duration.ofMinutes(10));
        assertThat(reads).as("backs off").isBetween(30, 60);
        assertThat(generations.log).containsExactly("open 1", "publish 1");
        assertThat(status.status().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(status.status().staleness()).isGreaterThan(Duration.ofMinutes(9));
        assertThat(status.status().problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("too many requests"));
        assertThat(warnings())
                .filteredOn(line -> line.contains("can't be read"))
                .hasSize(1);

        registry.recover();
        registry.put("orders", SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")));
        control.pass(Duration.ofSeconds(40));
        assertThat(generations.log).endsWith("open 2", "publish 2", "retire 1");
        assertThat(status.status().problem()).isEmpty();
        assertThat(status.status().lastProblem()).isPresent();
        assertThat(log.list)
                .filteredOn(event -> event.getFormattedMessage().contains("usable answers again"))
                .hasSize(1);
    }

    @Test
    void survivesARegistryThatThrows() {
        start();
        registry.fail(new RegistryException(RegistryException.Kind.INVALID, "nonsense", null));
        generations.failNext = true;
        control.pass(Duration.ofMinutes(2));
        registry.recover();
        registry.put("orders", SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")));
        control.pass(Duration.ofMinutes(2));
        assertThat(status.status().acknowledgedVersion()).isEqualTo(2);
    }

    @Test
    void goesOnThroughHundredsOfHostileDocumentsAndTakesTheGoodOneAfterwards() {
        start();
        ConnectionSettings newer = SETTINGS.withEndpoint(new Endpoint("newer", 5432, "orders"));
        generations.reachable = newer::equals;
        Change change = new Change("op", Instant.EPOCH, "why");
        VersionedSettings first = registry.version(ORDERS, 1).orElseThrow();
        VersionedSettings plain = first.next(SETTINGS.withEndpoint(new Endpoint("other", 5432, "orders")), change);
        VersionedSettings prepare = first.nextIn(run(Transition.Phase.PREPARE), change);
        List<Map<String, Object>> good = List.of(
                SettingsCodec.toDocument(plain),
                SettingsCodec.toDocument(prepare),
                SettingsCodec.toDocument(prepare.nextIn(run(Transition.Phase.HOLD), change)));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            registry.putDocument("orders", HostileDocuments.mutated(good.get(i % good.size()), random));
            String what = "seed " + seed + ", mutation " + i;
            readsAgain(what);
            assertThat(generations.log).as(what).doesNotContain("retire 1");
            assertThat(generations.serving).as(what).isEqualTo(1);
        }
        registry.putDocument(
                "orders",
                SettingsCodec.toDocument(new VersionedSettings(
                        ORDERS,
                        status.status().acknowledgedVersion() + 1,
                        newer,
                        change,
                        false,
                        Optional.empty(),
                        Map.of())));
        readsAgain("seed " + seed + ", the good one");
        control.pass(Duration.ofSeconds(10));
        assertThat(generations.log).as("seed " + seed).contains("retire 1");
        assertThat(generations.serving).as("seed " + seed).isGreaterThan(1);
        assertThat(status.status().state()).isEqualTo(InstanceState.ACTIVE);
        assertThat(status.status().problem()).isEmpty();
        assertThat(warnings()).as("seed " + seed).isNotEmpty().noneMatch(line -> line.chars()
                .anyMatch(Character::isISOControl));
    }

    /** Within the longest interval that settings may ask for, and a tenth more. */
    private void readsAgain(String what) {
        int before = reads;
        long end = control.nanoTime() + Polling.MAXIMUM.toNanos() / 10 * 11;
        while (reads == before && control.nanoTime() < end) {
            control.pass(Duration.ofMillis(500));
        }
        assertThat(reads).as(what).isGreaterThan(before);
    }

    @Test
    void reportsEveryChangeAndAHeartbeat() {
        start();
        long afterStart = registry.fleet(ORDERS).get(0).sequence();
        control.pass(Duration.ofSeconds(61));
        assertThat(registry.fleet(ORDERS).get(0).sequence()).isEqualTo(afterStart + 2);
        registry.put("orders", SETTINGS.withPool(SETTINGS.pool().withMaximumSize(20)));
        control.pass(Duration.ofSeconds(2));
        assertThat(registry.fleet(ORDERS).get(0).version()).isEqualTo(2);
        assertThat(registry.fleet(ORDERS).get(0).sequence()).isEqualTo(afterStart + 3);
    }

    @Test
    void tellsListenersEachChangeOnce() {
        start();
        registry.put("orders", SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")));
        control.pass(Duration.ofSeconds(5));
        assertThat(told).extracting(DataSourceStatus::version).containsExactly(0L, 1L, 1L, 2L);
        assertThat(told).extracting(DataSourceStatus::acknowledgedVersion).containsExactly(1L, 1L, 2L, 2L);
    }

    private Transition run(Transition.Phase phase) {
        return new Transition(
                "c-1", phase, SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")), Duration.ofSeconds(5));
    }

    private InstanceState reported() {
        return registry.fleet(ORDERS).get(0).state();
    }

    /** HELD mostly follows within milliseconds, and would have to wait until HOLDING is written. */
    @Test
    void reportsHeldAtOnceAndHoldingOnlyIfItLasts() {
        start();
        VersionedSettings first = registry.version(ORDERS, 1).orElseThrow();
        Change change = new Change("op", Instant.EPOCH, "");
        registry.write(first.nextIn(run(Transition.Phase.PREPARE), change));
        control.pass(Duration.ofSeconds(1));
        assertThat(reported()).isEqualTo(InstanceState.READY);
        registry.write(registry.version(ORDERS, 2).orElseThrow().nextIn(run(Transition.Phase.HOLD), change));
        control.pass(Duration.ofSeconds(1));
        assertThat(status.status().state()).isEqualTo(InstanceState.HOLDING);
        assertThat(reported()).isEqualTo(InstanceState.READY);
        control.pass(Duration.ofSeconds(1));
        assertThat(reported()).isEqualTo(InstanceState.HOLDING);
        loop.tell(new Event.Drained(1));
        control.run();
        assertThat(reported()).isEqualTo(InstanceState.HELD);
    }

    /** A thousand instances that repeat themselves ask more than a partition of the table takes. */
    @Test
    void saysNothingMoreThanTwiceDuringACutover() {
        start();
        prepare();
        long before = registry.fleet(ORDERS).get(0).sequence();
        int readsBefore = reads;
        hints(Duration.ofSeconds(5));
        assertThat(reads - readsBefore).isGreaterThan(250);
        assertThat(registry.fleet(ORDERS).get(0).sequence()).isEqualTo(before + 1);
    }

    @Test
    void soonRepeatsAReportOfACutoverThatCouldNotBeWritten() {
        start();
        reportsFail = true;
        prepare();
        assertThat(status.status().state()).isEqualTo(InstanceState.READY);
        assertThat(reported()).isEqualTo(InstanceState.ACTIVE);
        int before = reportsInVain;
        hints(Duration.ofSeconds(1));
        assertThat(reportsInVain - before).as("not with every hint").isBetween(3, 6);
        reportsFail = false;
        hints(Duration.ofMillis(300));
        assertThat(reported()).isEqualTo(InstanceState.READY);
    }

    /** Those who wait for the end of a cutover, or of a move, wait for less than a heartbeat. */
    @Test
    void repeatsAReportThatCouldNotBeWrittenAfterTheSwitchAsWell() {
        start();
        reportsFail = true;
        registry.put("orders", SETTINGS.withEndpoint(new Endpoint("new", 5432, "orders")));
        control.pass(Duration.ofSeconds(2));
        assertThat(status.status().version()).isEqualTo(2);
        reportsFail = false;
        control.pass(Duration.ofSeconds(3));
        assertThat(registry.fleet(ORDERS).get(0).version()).isEqualTo(2);
    }

    @Test
    void keepsSayingWhatItIsWaitingForInAHold() {
        start();
        prepare();
        registry.write(registry.version(ORDERS, 2)
                .orElseThrow()
                .nextIn(run(Transition.Phase.HOLD), new Change("op", Instant.EPOCH, "")));
        control.pass(Duration.ofSeconds(2));
        assertThat(reported()).isEqualTo(InstanceState.HOLDING);
        long before = registry.fleet(ORDERS).get(0).sequence();
        hints(Duration.ofSeconds(1));
        assertThat(registry.fleet(ORDERS).get(0).sequence() - before).isBetween(3L, 6L);
    }

    private void prepare() {
        VersionedSettings first = registry.version(ORDERS, 1).orElseThrow();
        registry.write(first.nextIn(run(Transition.Phase.PREPARE), new Change("op", Instant.EPOCH, "")));
        control.pass(Duration.ofSeconds(1));
    }

    /** One each 10 ms. */
    private void hints(Duration time) {
        for (int i = 0; i < time.toMillis() / 10; i++) {
            loop.tell(new Event.Signalled());
            control.pass(Duration.ofMillis(10));
        }
    }

    @Test
    void isReadyForACutoverAlthoughThereWasNoThreadForItsListeners() {
        start();
        Transition prepare = run(Transition.Phase.PREPARE);
        registry.write(registry.version(ORDERS, 1).orElseThrow().nextIn(prepare, new Change("op", Instant.EPOCH, "")));
        noRoomForListeners = true;
        control.pass(Duration.ofSeconds(1));
        assertThat(status.status().state()).isEqualTo(InstanceState.PREPARING);
        assertThat(reported()).isEqualTo(InstanceState.PREPARING);
        noRoomForListeners = false;
        control.pass(Duration.ofSeconds(6));
        assertThat(status.status().state()).isEqualTo(InstanceState.READY);
    }

    @Test
    void failsTheStartWithinItsBoundWhenNothingAnswers() {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no route", null));
        CompletableFuture<Void> started = loop.start(Duration.ofSeconds(5));
        control.pass(Duration.ofMillis(4900));
        assertThat(started).isNotDone();
        control.pass(Duration.ofMillis(200));
        assertThatThrownBy(started::join)
                .hasMessageContaining("no route")
                .hasMessageContaining("snapshot: none configured")
                .hasMessageContaining("fallback: none given");
    }

    @Test
    void whoeverClosesLearnsAtOnceThatItFailed() {
        start();
        generations.failNext = true;
        CompletableFuture<Void> closing = loop.close(Duration.ZERO);
        control.run();
        assertThatThrownBy(closing::join).hasRootCauseMessage("a fault in our own code");
    }

    /** Opens or refuses at once, and writes down what it was asked for. */
    private final class RecordedGenerations extends NoGenerations {
        final List<String> log = new ArrayList<>();
        Predicate<ConnectionSettings> reachable = settings -> true;
        long serving;
        boolean failNext;

        @Override
        public void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) {
            if (failNext) {
                failNext = false;
                throw new IllegalStateException("a fault in our own code");
            }
            log.add("open " + generation);
            loop.tell(
                    reachable.test(settings)
                            ? new Event.GenerationOpened(generation)
                            : new Event.GenerationRefused(generation, HostileDocuments.POISON));
        }

        @Override
        public void abandon(long generation, String cause) {
            log.add("abandon " + generation);
        }

        @Override
        public void publish(long generation) {
            log.add("publish " + generation);
            serving = generation;
        }

        @Override
        public void retire(long generation, Duration grace) {
            log.add("retire " + generation);
        }

        @Override
        public void resize(long generation, PoolSettings settings) {
            log.add("resize " + generation);
        }

        @Override
        public CompletableFuture<Void> closeAll(Duration grace) {
            if (failNext) {
                throw new IllegalStateException("a fault in our own code");
            }
            return super.closeAll(grace);
        }
    }
}
