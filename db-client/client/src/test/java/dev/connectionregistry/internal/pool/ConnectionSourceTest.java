package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Physical connections of a pool: none is lost, and no failure is. */
class ConnectionSourceTest {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(Endpoint.parse("stub:5432/orders"), "app", SecretRef.parse("env:PASSWORD"));

    private final StubConnector stub = new StubConnector();
    private final List<SQLException> signs = new ArrayList<>();

    private interface Opening {
        void happens() throws SQLException;
    }

    private ConnectionSource source(Opening during) {
        return new ConnectionSource(
                new Connector() {
                    @Override
                    public Connection open(ConnectionSettings settings) throws SQLException {
                        during.happens();
                        return stub.open(settings);
                    }

                    @Override
                    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
                        return stub.end(settings, connections);
                    }
                },
                SETTINGS,
                AcceptedPrimary.WRITABLE,
                signs::add,
                PoolEnvironment.NONE);
    }

    @Test
    void aConnectionThatIsOpenWhenNobodyWantsItAnyMoreIsClosed() {
        ConnectionSource[] source = new ConnectionSource[1];
        source[0] = source(() -> source[0].cancel());
        assertThatThrownBy(() -> source[0].getConnection().close()).hasMessageContaining("no longer needed");
        assertThat(stub.openedConnections()).isEqualTo(1);
        assertThat(stub.openConnections()).isZero();
        assertThat(source[0].openConnections()).isEmpty();
        assertThat(signs).isEmpty();
    }

    @Test
    void aServerThatGivesNoAnswerIsProbedByOneThreadAtATime() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        ConnectionSource source = source(() -> {
            attempts.incrementAndGet();
            Sources.awaitQuietly(answer);
        });
        Thread first = new Thread(source::probe);
        first.start();
        await().until(() -> attempts.get() == 1);
        Thread second = new Thread(source::probe);
        second.start();
        second.join(10_000);
        assertThat(second.isAlive()).isFalse();
        assertThat(attempts).hasValue(1);
        answer.countDown();
        first.join(10_000);
        source.probe();
        assertThat(attempts).hasValue(2);
        assertThat(stub.openConnections()).isZero();
    }

    @Test
    void whatADriverThrowsBesidesSqlExceptionsIsAFailureToConnect() {
        ConnectionSource source = source(() -> {
            throw new NoClassDefFoundError("some/Plugin");
        });
        assertThatThrownBy(() -> source.getConnection().close())
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("stub:5432/orders", "NoClassDefFoundError", "some/Plugin");
        assertThat((Throwable) source.lastFailure()).isNotNull();
    }
}
