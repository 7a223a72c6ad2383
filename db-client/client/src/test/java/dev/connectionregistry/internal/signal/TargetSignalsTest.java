package dev.connectionregistry.internal.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Notifier;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals over real servers, and what becomes of them in trouble. */
class TargetSignalsTest {
    private static final String NAME = "faults/signals";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String THREAD = "connection-registry-orders-signals";

    private final Connector connector = new PostgresConnector(new SecretResolvers(List.of(Servers.secrets())), NAME);
    private final Heard heard = new Heard();
    private TargetSignals signals = on(connector);

    private TargetSignals on(Connector any) {
        return new TargetSignals("orders", any, task -> new Thread(task, THREAD), heard);
    }

    @AfterEach
    void nothingIsLeft() {
        signals.stop();
        Leftovers.awaitNoThreads();
        await().atMost(LONG).until(() -> Servers.sessions(Servers.second(), NAME) == 0);
    }

    private static Transition transition(String id, Endpoint target) {
        return new Transition(id, Transition.Phase.PREPARE, Servers.settings(target), Duration.ofSeconds(1));
    }

    private static Transition transition() {
        return transition("c-1", Servers.endpoint(Servers.second()));
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(2)).atMost(LONG);
    }

    private void listening(Transition transition) {
        int before = heard.hints.get();
        signals.listen(transition);
        soon().until(() -> heard.hints.get() > before);
    }

    private static String held() {
        return HeldSignal.applicationName(CommittedSecret.random(), "a-digest");
    }

    private static Announcement announcement(Kind kind, long version) {
        return new Announcement(kind, version, CommittedSecret.random());
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void hearsAnnouncementsInTheirOrderAndTakesTheRestForHints(int major) throws Exception {
        listening(transition("c-1", Servers.endpoint(Servers.of(major))));
        try (Notifier coordinator = new Notifier(Servers.of(major), "c-1")) {
            int before = heard.hints.get();
            List<String> sent = List.of(
                    announcement(Kind.HOLD, 3).text(),
                    announcement(Kind.UNDO, 4).text(),
                    announcement(Kind.SWITCH, 4).text());
            coordinator.send(sent.toArray(String[]::new));
            for (String each : sent) {
                assertThat(heard.nextAnnouncement()).isEqualTo(each);
            }
            assertThat(heard.hints).as("an announcement is no hint").hasValue(before);
            coordinator.send("");
            soon().until(() -> heard.hints.get() == before + 1);
            coordinator.send("hold 3 nonsense");
            soon().until(() -> heard.hints.get() == before + 2);
            assertThat(heard.announcements).isEmpty();
        }
    }

    /** Such as that of a target which is a standby, where nobody can listen. */
    @Test
    void listensOnTheServerThatTheTransitionNamesForItsSignals() throws Exception {
        Endpoint nowhere = new Endpoint("localhost", 1, "orders");
        listening(transition("c-1", nowhere).signalledOver(Servers.endpoint(Servers.second())));
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            String sent = announcement(Kind.HOLD, 3).text();
            coordinator.send(sent);
            assertThat(heard.nextAnnouncement()).isEqualTo(sent);
            signals.listen(transition("c-1", nowhere)
                    .signalledOver(Servers.endpoint(Servers.second()))
                    .in(Transition.Phase.HOLD));
            assertThat(Servers.sessions(Servers.second(), NAME)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void saysWhenHeartbeatsBeginAndTwoSecondsAfterTheLast(int major) throws Exception {
        listening(transition("c-1", Servers.endpoint(Servers.of(major))));
        try (Notifier coordinator = new Notifier(Servers.of(major), "c-1")) {
            int before = heard.hints.get();
            coordinator.heartbeat();
            assertThat(heard.nextWork()).isEqualTo("c-1 true");
            coordinator.heartbeat();
            long last = System.nanoTime();
            coordinator.send(""); // a hint is no heartbeat
            assertThat(heard.nextWork()).isEqualTo("c-1 false");
            assertThat(Duration.ofNanos(System.nanoTime() - last))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
            assertThat(heard.hints).hasValue(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void showsByTheNameOfItsSessionWhetherHeartbeatsArrive(int major) throws Exception {
        LocalPostgres server = Servers.of(major);
        String hears = Announcement.nameOfWhoHears("c-1");
        listening(transition("c-1", Servers.endpoint(server)));
        try (Notifier coordinator = new Notifier(server, "c-1")) {
            assertThat(Servers.sessions(server, NAME)).isEqualTo(1);
            coordinator.heartbeat();
            soon().until(() -> Servers.sessions(server, hears) == 1);
            assertThat(Servers.sessions(server, NAME)).isZero();
            soon().until(() -> Servers.sessions(server, NAME) == 1);
            assertThat(Servers.sessions(server, hears)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void showsHeldByTheNameOfItsOneSessionAndHearsTheSwitchAfterwards(int major) throws Exception {
        LocalPostgres server = Servers.of(major);
        listening(transition("c-1", Servers.endpoint(server)));
        try (Notifier coordinator = new Notifier(server, "c-1")) {
            coordinator.announce(announcement(Kind.HOLD, 3));
            heard.nextAnnouncement();
            assertThat(Servers.sessions(server, NAME)).isEqualTo(1);
            String held = held();
            signals.reveal(held);
            soon().until(() -> Servers.sessions(server, held) == 1);
            assertThat(Servers.sessions(server, NAME)).isZero();
            coordinator.announce(announcement(Kind.HOLD, 3)); // repeated
            heard.nextAnnouncement();
            String switched = announcement(Kind.SWITCH, 4).text();
            coordinator.send(switched);
            assertThat(heard.nextAnnouncement()).isEqualTo(switched);
            assertThat(heard.untold).hasValue(0);
        }
    }

    @Test
    void hearsAnUndoWhileItWaitsForHeld() throws Exception {
        listening(transition());
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            coordinator.announce(announcement(Kind.HOLD, 3));
            heard.nextAnnouncement();
            String undone = announcement(Kind.UNDO, 4).text();
            coordinator.send(undone);
            assertThat(heard.nextAnnouncement()).isEqualTo(undone);
        }
    }

    @Test
    void aForgedSwitchDoesNotKeepHeldFromBeingShown() throws Exception {
        listening(transition());
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            coordinator.send(
                    announcement(Kind.HOLD, 3).text(),
                    announcement(Kind.SWITCH, 4).text());
            heard.nextAnnouncement();
            heard.nextAnnouncement();
            soon().until(TargetSignalsTest::isHearing); // or it might find HELD before it waits again
            String held = held();
            long before = System.nanoTime();
            signals.reveal(held);
            soon().until(() -> Servers.sessions(Servers.second(), held) == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static boolean isHearing() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals(THREAD))
                .flatMap(each -> Arrays.stream(each.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("getNotifications"));
    }

    @Test
    void ofAFloodOfAnnouncementsAFewArePassedOnAndTheRestIsAHint() throws Exception {
        listening(transition());
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            int hints = heard.hints.get();
            coordinator.send(IntStream.rangeClosed(1, 10_000)
                    .mapToObj(version -> announcement(Kind.UNDO, version).text())
                    .toArray(String[]::new));
            coordinator.heartbeat(); // comes after them, so they were heard when it is
            assertThat(heard.nextWork()).isEqualTo("c-1 true");
            assertThat(heard.announcements.size())
                    .isBetween(SignalSession.MOST_ANNOUNCEMENTS, 10 * SignalSession.MOST_ANNOUNCEMENTS);
            soon().until(() -> heard.hints.get() > hints);
            heard.announcements.clear();
            soon().pollInterval(Duration.ofMillis(100)).until(() -> {
                coordinator.announce(announcement(Kind.HOLD, 3));
                return !heard.announcements.isEmpty(); // when the flood is over
            });
        }
    }

    @Test
    void showsHeldAlsoIfTheHoldWasReadAndNotAnnounced() throws Exception {
        listening(transition());
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            String held = held();
            signals.reveal(held);
            coordinator.heartbeat(); // ends the wait for notifications
            soon().until(() -> Servers.sessions(Servers.second(), held) == 1);
        }
    }

    @Test
    void aSessionThatIsLostIsFoundAgainAndShowsAgainWhatItShowed() throws Exception {
        listening(transition());
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            coordinator.heartbeat();
            assertThat(heard.nextWork()).isEqualTo("c-1 true");
            coordinator.announce(announcement(Kind.HOLD, 3));
            String held = held();
            signals.reveal(held);
            soon().until(() -> Servers.sessions(Servers.second(), held) == 1);
            int before = heard.hints.get();
            Servers.second().execute("orders", """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE application_name = '%s'
                    """.formatted(held));
            assertThat(heard.nextWork()).as("at once").isEqualTo("c-1 false");
            soon().until(() -> heard.untold.get() == 1);
            soon().until(() -> heard.hints.get() > before);
            soon().until(() -> Servers.sessions(Servers.second(), held) == 1);
            coordinator.heartbeat();
            assertThat(heard.nextWork()).isEqualTo("c-1 true");
        }
    }

    @Test
    void keepsListeningThroughThePhasesAndChangesForAnotherCutover() throws SQLException {
        Transition transition = transition();
        listening(transition);
        int before = heard.hints.get();
        signals.listen(transition.in(Transition.Phase.HOLD));
        try (Notifier coordinator = new Notifier(Servers.second(), "c-1")) {
            coordinator.send("");
            soon().until(() -> heard.hints.get() > before);
            assertThat(heard.hints).hasValue(before + 1); // a new connection would have given a hint of its own
            listening(transition("c-2", Servers.endpoint(Servers.second())));
            await().atMost(LONG).until(() -> Servers.sessions(Servers.second(), NAME) == 1);
        }
    }

    @Test
    void stopsAndBeginsAgain() {
        listening(transition());
        assertThat(Servers.sessions(Servers.second(), NAME)).isEqualTo(1);
        signals.stop();
        signals.stop();
        signals.reveal(held());
        Leftovers.awaitNoThreads();
        await().atMost(LONG).until(() -> Servers.sessions(Servers.second(), NAME) == 0);
        listening(transition());
    }

    @Test
    void comesBackWithTheServerAndTellsTheTroubleOnce() throws Exception {
        try (LocalPostgres server = LocalPostgres.start(17);
                LogCapture log = LogCapture.ofInfo()) {
            Servers.prepare(server);
            listening(transition("c-1", Servers.endpoint(server)));
            server.kill();
            soon().until(() -> !log.everything().isEmpty());
            int before = heard.hints.get();
            server.startAgain();
            soon().until(() -> heard.hints.get() > before);
            try (Notifier coordinator = new Notifier(server, "c-1")) {
                coordinator.heartbeat();
                assertThat(heard.nextWork()).isEqualTo("c-1 true");
            }
            assertThat(log.everything())
                    .singleElement()
                    .asString()
                    .contains("orders: no signals of cutover c-1", "polling continues");
        }
    }

    @Test
    void whereNobodyCanListenThereAreNoSignalsUntilSomebodyCan() throws Exception {
        try (LocalPostgres server = LocalPostgres.start(18);
                LogCapture log = LogCapture.ofInfo()) {
            Servers.prepare(server);
            Path data = dataDirectory(server);
            server.stop(LocalPostgres.StopMode.FAST);
            Files.createFile(data.resolve("standby.signal"));
            server.startAgain();
            signals.listen(transition("c-1", Servers.endpoint(server)));
            soon().until(() -> log.everything().stream().anyMatch(line -> line.contains("during recovery")));
            String held = held();
            signals.reveal(held);
            soon().until(() -> heard.untold.get() > 0);
            assertThat(heard.hints).hasValue(0);
            assertThat(heard.work).isEmpty();
            server.execute("orders", "SELECT pg_promote()");
            soon().until(() -> heard.hints.get() == 1);
            soon().until(() -> Servers.sessions(server, held) == 1);
            signals.stop();
        }
    }

    private static Path dataDirectory(LocalPostgres server) throws SQLException {
        try (var connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    @Test
    void aServerThatHangsDoesNotHoldUpTheEnd() {
        LocalPostgres server = Servers.second();
        try (TcpGate gate = TcpGate.to("127.0.0.1", server.port())) {
            listening(transition("c-1", new Endpoint("127.0.0.1", gate.port(), "orders")));
            gate.hang();
            long before = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                signals.reveal(held());
            }
            signals.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            Leftovers.awaitNoThreads();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
            gate.heal();
            await().atMost(LONG).until(() -> Servers.sessions(server, NAME) == 0);
        }
    }

    @Test
    void aConnectionThatIsBeingOpenedDoesNotOutliveTheEnd() {
        LocalPostgres server = Servers.second();
        try (TcpGate gate = TcpGate.to("127.0.0.1", server.port())) {
            gate.hang();
            signals.listen(transition("c-1", new Endpoint("127.0.0.1", gate.port(), "orders")));
            soon().until(() -> gate.connections() == 1);
            signals.stop();
            gate.heal();
            Leftovers.awaitNoThreads();
            await().atMost(LONG).until(() -> Servers.sessions(server, NAME) == 0);
            assertThat(heard.hints).hasValue(0);
        }
    }

    @Test
    void aDriverWithoutNotificationsMeansNoSignalsAndNoNoise() {
        StubConnector stub = new StubConnector();
        signals = on(stub);
        try (LogCapture log = LogCapture.ofInfo()) {
            signals.listen(transition());
            soon().until(() -> stub.openedConnections() == 1 && stub.openConnections() == 0);
            Leftovers.awaitNoThreads();
            signals.reveal(held());
            assertThat(heard.untold).as("the report has to say it").hasValue(1);
            assertThat(stub.openedConnections()).isEqualTo(1);
            assertThat(log.everything()).isEmpty();
            assertThat(heard.hints).hasValue(0);
        }
    }

    @Test
    void withoutAThreadThereAreNoSignals() {
        signals = new TargetSignals(
                "orders",
                connector,
                task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                },
                heard);
        try (LogCapture log = LogCapture.ofInfo()) {
            signals.listen(transition());
            signals.reveal(held());
            signals.stop();
            assertThat(heard.untold).hasValue(1);
            assertThat(log.everything()).singleElement().asString().contains("no signals", "native thread");
        }
    }

    @Test
    void connectsToNothingBeforeItListens() {
        signals.reveal(held());
        signals.stop();
        Leftovers.awaitNoThreads();
        assertThat(Servers.sessions(Servers.second(), NAME)).isZero();
    }

    /** Writes down what is heard. */
    private static final class Heard implements SignalListener {
        private final AtomicInteger hints = new AtomicInteger();
        private final AtomicInteger untold = new AtomicInteger();
        private final BlockingQueue<Announcement> announcements = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> work = new LinkedBlockingQueue<>();

        @Override
        public void hinted() {
            hints.incrementAndGet();
        }

        @Override
        public void announced(Announcement announcement) {
            announcements.add(announcement);
        }

        @Override
        public void work(String run, boolean works) {
            work.add(run + " " + works);
        }

        @Override
        public void untold() {
            untold.incrementAndGet();
        }

        String nextAnnouncement() throws InterruptedException {
            Announcement next = announcements.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            return next == null ? "none" : next.text();
        }

        String nextWork() throws InterruptedException {
            String next = work.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            return next == null ? "none" : next;
        }
    }
}
