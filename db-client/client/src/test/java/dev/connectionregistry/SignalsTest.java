package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.testing.CommittedRun;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Notifier;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.WatchedRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data source that follows a cutover by its signals: real servers and notifications, the test is the coordinator. */
class SignalsTest {
    private static final String INSTANCE = "signalled";
    private static final String RUN = "c-1";
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final long PREPARE = 2;
    private static final long HOLD = 3;
    private static final long END = 4;

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final WatchedRegistry watched = new WatchedRegistry(registry);
    private final CommittedRun run = new CommittedRun(RUN, PREPARE);
    private final Queue<InstanceState> states = new ConcurrentLinkedQueue<>();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), INSTANCE);
        Sources.awaitNoSession(Servers.second(), INSTANCE);
    }

    /** As version 2: ready for a cutover to this server, and committed to what follows. */
    private RegistryDataSource ready(LocalPostgres target) {
        VersionedSettings steady = registry.put("orders", Servers.settings(Servers.first()));
        RegistryDataSource dataSource = Sources.on(watched, INSTANCE).build();
        dataSource.addListener((previous, current) -> states.add(current.state()));
        registry.write(
                steady.nextIn(run.prepare(Servers.settings(target), Duration.ofSeconds(20)), CommittedRun.CHANGE));
        awaitStatus(dataSource, status -> status.state() == InstanceState.READY);
        await().until(() -> report().state() == InstanceState.READY);
        await().until(() -> listeners(target) == 1);
        return dataSource;
    }

    private static int listeners(LocalPostgres target) throws SQLException {
        try (Connection connection = target.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** As a coordinator does that keeps to the protocol: it writes first. */
    private void write(Kind kind) {
        long before = run.version(kind) - 1;
        registry.write(run.after(registry.version(ORDERS, before).orElseThrow(), kind));
    }

    private void nobodyCanRead() {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "the table is gone", null));
    }

    private InstanceReport report() {
        List<InstanceReport> reports = watched.reports();
        return reports.get(reports.size() - 1);
    }

    private static Optional<String> held(LocalPostgres target) throws SQLException {
        try (Connection connection = target.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT application_name
                        FROM pg_stat_activity
                        WHERE application_name LIKE '%s%%'
                        """.formatted(HeldSignal.prefix()))) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    private static int major(RegistryDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Servers.major(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void goesThroughHoldAndSwitchWithoutReadingTheRegistry(int major) throws Exception {
        LocalPostgres target = Servers.of(major);
        try (RegistryDataSource dataSource = ready(target);
                Notifier coordinator = new Notifier(target, RUN)) {
            nobodyCanRead();
            coordinator.announce(run.announcement(Kind.HOLD));
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            assertThat(dataSource.status().acknowledgedVersion()).isEqualTo(HOLD);
            coordinator.announce(run.announcement(Kind.SWITCH));
            awaitStatus(dataSource, status -> status.version() == END && status.state() == InstanceState.ACTIVE);
            assertThat(major(dataSource)).isEqualTo(major);
            Sources.awaitNoSession(Servers.first(), INSTANCE);
        }
    }

    @Test
    void anAnnouncedUndoLetsCallersGoOnAtTheSource() throws Exception {
        try (RegistryDataSource dataSource = ready(Servers.second());
                Notifier coordinator = new Notifier(Servers.second(), RUN)) {
            nobodyCanRead();
            coordinator.announce(run.announcement(Kind.HOLD));
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            coordinator.announce(run.announcement(Kind.UNDO));
            awaitStatus(dataSource, status -> status.state() == InstanceState.ACTIVE);
            assertThat(major(dataSource)).isEqualTo(17);
            assertThat(dataSource.status().acknowledgedVersion()).isEqualTo(END);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void provesThatItIsHeldBeforeItsReportSaysSo(int major) throws Exception {
        LocalPostgres target = Servers.of(major);
        try (RegistryDataSource dataSource = ready(target);
                Notifier coordinator = new Notifier(target, RUN)) {
            InstanceReport ready = report();
            HeldCommitment commitment = ready.heldCommitment().orElseThrow();
            assertThat(commitment.version()).isEqualTo(HOLD);
            assertThat(held(target)).isEmpty();
            watched.refuseReports(new RegistryException(RegistryException.Kind.UNREACHABLE, "not yet", null));
            write(Kind.HOLD);
            coordinator.announce(run.announcement(Kind.HOLD));
            await().until(() -> held(target).isPresent());
            assertThat(report().state()).as("what its reports say").isEqualTo(InstanceState.READY);
            CommittedSecret secret =
                    held(target).flatMap(HeldSignal::parse).orElseThrow().secret();
            assertThat(secret.heldDigest(
                            ORDERS, RUN, ready.name(), ready.incarnation().orElseThrow(), HOLD))
                    .isEqualTo(commitment.digest());
            watched.refuseReports(null);
            await().until(() -> report().state() == InstanceState.HELD);
            assertThat(report().heldCommitment()).contains(commitment);
            write(Kind.SWITCH);
            coordinator.announce(run.announcement(Kind.SWITCH));
            awaitStatus(dataSource, status -> status.version() == END);
            await().until(() -> report().version() == END);
            assertThat(report().heldCommitment()).isEmpty();
            await().until(() -> held(target).isEmpty());
        }
    }

    @Test
    void forgedRepeatedAndReorderedSignalsDoNothing() throws Exception {
        try (RegistryDataSource dataSource = ready(Servers.second());
                Notifier coordinator = new Notifier(Servers.second(), RUN)) {
            nobodyCanRead();
            states.clear();
            CommittedSecret undo = run.secret(Kind.UNDO);
            List<String> forged = new ArrayList<>();
            forged.add(new Announcement(Kind.HOLD, HOLD, CommittedSecret.random()).text());
            forged.add(new Announcement(Kind.SWITCH, END, undo).text());
            forged.add(new Announcement(Kind.UNDO, HOLD, undo).text());
            forged.add(new Announcement(Kind.UNDO, END + 1, undo).text());
            forged.add(new Announcement(Kind.SWITCH, Long.MAX_VALUE, run.secret(Kind.SWITCH)).text());
            forged.add("hold 3 nothing");
            forged.add("");
            coordinator.send(forged.toArray(String[]::new));
            coordinator.announce(run.announcement(Kind.HOLD)); // comes after them, so they were heard when it is
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            coordinator.announce(run.announcement(Kind.HOLD));
            coordinator.announce(run.announcement(Kind.SWITCH));
            coordinator.announce(run.announcement(Kind.UNDO)); // as if somebody had kept it back
            coordinator.announce(run.announcement(Kind.HOLD));
            awaitStatus(dataSource, status -> status.version() == END);
            assertThat(states.stream().distinct().filter(each -> each != InstanceState.READY))
                    .containsExactly(InstanceState.HOLDING, InstanceState.HELD, InstanceState.ACTIVE);
            assertThat(major(dataSource)).isEqualTo(18);
        }
    }

    @Test
    void readsSlowlyWhileHeartbeatsComeAndAsOftenAsEverTwoSecondsAfterTheLast() throws Exception {
        try (RegistryDataSource dataSource = ready(Servers.second());
                Notifier coordinator = new Notifier(Servers.second(), RUN)) {
            int without = watched.reads();
            await().until(() -> watched.reads() >= without + 20); // every 50 ms although it listens
            long last = 0;
            int before = 0;
            for (int second = 0; second < 4; second++) {
                coordinator.heartbeat();
                last = System.nanoTime();
                before = second == 0 ? watched.reads() : before;
                int until = second;
                long beat = last;
                await().pollInterval(Duration.ofMillis(20))
                        .until(() -> until == 3 || System.nanoTime() - beat >= 1_000_000_000L);
            }
            int slow = watched.reads() - before;
            assertThat(slow).as("reads in three seconds").isLessThanOrEqualTo(3);
            int resumed = watched.reads() + 5;
            await().pollInterval(Duration.ofMillis(5)).until(() -> watched.reads() >= resumed);
            assertThat(Duration.ofNanos(System.nanoTime() - last)).isLessThan(Duration.ofSeconds(4));
            assertThat(dataSource.status().state()).isEqualTo(InstanceState.READY);
        }
    }

    @Test
    void aVersionThatWasAnnouncedButNeverWrittenIsAProblemThatTheReportTells() throws Exception {
        try (RegistryDataSource dataSource = ready(Servers.second());
                Notifier coordinator = new Notifier(Servers.second(), RUN)) {
            coordinator.announce(run.announcement(Kind.HOLD));
            awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
            long before = System.nanoTime();
            awaitStatus(dataSource, status -> status.problem().isPresent());
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(4500), Duration.ofSeconds(8));
            assertThat(problem(dataSource.status())).contains("announced version 3", "5 s");
            await().until(() -> report().lastError()
                    .filter(text -> text.contains("announced version 3"))
                    .isPresent());
            write(Kind.HOLD);
            awaitStatus(dataSource, status -> status.problem().isEmpty());
            write(Kind.UNDO);
            awaitStatus(dataSource, status -> status.state() == InstanceState.ACTIVE);
        }
    }

    private static String problem(DataSourceStatus status) {
        return status.problem().orElse("none");
    }
}
