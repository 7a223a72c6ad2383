package dev.connectionregistry.internal.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.NotificationChannel;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hints over a real server, and what becomes of them in trouble. */
class TargetSignalsTest {
    private static final String NAME = "faults/signals";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String THREAD = "connection-registry-orders-signals";

    private final Connector connector = new PostgresConnector(new SecretResolvers(List.of(Servers.secrets())), NAME);
    private final AtomicInteger hints = new AtomicInteger();
    private TargetSignals signals = on(connector);

    private TargetSignals on(Connector any) {
        return new TargetSignals("orders", any, task -> new Thread(task, THREAD), hints::incrementAndGet);
    }

    @AfterEach
    void nothingIsLeft() {
        signals.close();
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
        int before = hints.get();
        signals.listen(transition);
        soon().until(() -> hints.get() > before);
    }

    /** Where the coordinator sends. */
    private NotificationChannel phases(Transition transition) throws SQLException {
        return Objects.requireNonNull(
                NotificationChannel.open(connector, transition.target(), Transition.phaseChannel(transition.id())));
    }

    /** Where the coordinator listens. */
    private NotificationChannel reports(Transition transition) throws SQLException {
        NotificationChannel channel = Objects.requireNonNull(
                NotificationChannel.open(connector, transition.target(), Transition.reportChannel(transition.id())));
        channel.listen();
        return channel;
    }

    @Test
    void hearsOfPhasesAndIsHeardOfReportsWhichOtherInstancesAreNotWokenBy() throws SQLException {
        Transition transition = transition();
        listening(transition);
        NotificationChannel reports = reports(transition);
        NotificationChannel phases = phases(transition);
        int before = hints.get();
        signals.send();
        assertThat(reports.await(LONG)).isTrue();
        phases.send();
        soon().until(() -> hints.get() > before);
        assertThat(hints).hasValue(before + 1); // the report's hint came first, and went to the coordinator only
        reports.abort();
        phases.abort();
    }

    @Test
    void keepsListeningThroughThePhasesAndChangesForAnotherCutover() throws SQLException {
        Transition transition = transition();
        listening(transition);
        int before = hints.get();
        signals.listen(transition.in(Transition.Phase.HOLD));
        NotificationChannel coordinator = phases(transition);
        coordinator.send();
        soon().until(() -> hints.get() > before);
        assertThat(hints).hasValue(before + 1); // a new connection would have given a hint of its own
        listening(transition("c-2", Servers.endpoint(Servers.second())));
        await().atMost(LONG).until(() -> Servers.sessions(Servers.second(), NAME) == 2); // the new one and this test's
        coordinator.abort();
    }

    @Test
    void stopsAndBeginsAgain() {
        listening(transition());
        signals.send();
        await().atMost(LONG).until(() -> Servers.sessions(Servers.second(), NAME) == 2);
        signals.stop();
        signals.stop();
        signals.send();
        Leftovers.awaitNoThreads();
        assertThat(Servers.sessions(Servers.second(), NAME)).isZero();
        listening(transition());
    }

    @Test
    void comesBackWithTheServerAndTellsTheTroubleOnce() throws SQLException {
        try (LocalPostgres server = LocalPostgres.start(17);
                LogCapture log = LogCapture.ofInfo()) {
            Servers.prepare(server);
            Transition transition = transition("c-1", Servers.endpoint(server));
            listening(transition);
            signals.send();
            await().atMost(LONG).until(() -> Servers.sessions(server, NAME) == 2);
            server.kill();
            soon().until(() -> !log.everything().isEmpty());
            int before = hints.get();
            server.startAgain();
            soon().until(() -> hints.get() > before);
            NotificationChannel coordinator = reports(transition);
            signals.send(); // over a new connection: the old one is broken
            assertThat(coordinator.await(LONG)).isTrue();
            coordinator.abort();
            assertThat(log.everything())
                    .singleElement()
                    .asString()
                    .contains("orders: no signals of cutover c-1", "polling goes on");
        }
    }

    @Test
    void aServerThatHangsDoesNotHoldUpTheEnd() {
        LocalPostgres server = Servers.second();
        try (TcpGate gate = TcpGate.to("127.0.0.1", server.port())) {
            listening(transition("c-1", new Endpoint("127.0.0.1", gate.port(), "orders")));
            signals.send();
            await().atMost(LONG).until(() -> Servers.sessions(server, NAME) == 2);
            gate.hang();
            long before = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                signals.send();
            }
            signals.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            signals.close();
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
            signals.send();
            soon().until(() -> gate.connections() == 2);
            signals.stop();
            gate.heal();
            Leftovers.awaitNoThreads();
            await().atMost(LONG).until(() -> Servers.sessions(server, NAME) == 0);
            assertThat(hints).hasValue(0);
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
            signals.send();
            soon().until(() -> stub.openedConnections() == 2 && stub.openConnections() == 0);
            assertThat(log.everything()).isEmpty();
            assertThat(hints).hasValue(0);
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
                hints::incrementAndGet);
        try (LogCapture log = LogCapture.ofInfo()) {
            signals.listen(transition());
            signals.send();
            signals.stop();
            assertThat(log.everything()).singleElement().asString().contains("no signals", "native thread");
        }
    }

    @Test
    void connectsToNothingBeforeItListens() {
        signals.send();
        signals.stop();
        Leftovers.awaitNoThreads();
        assertThat(Servers.sessions(Servers.second(), NAME)).isZero();
    }
}
