package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.StubConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of a fence, and which connections are taken when. */
class FencedSessionsTest {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(Endpoint.parse("stub:5432/orders"), "app", SecretRef.parse("env:PASSWORD"));

    private final StubConnector stub = new StubConnector();
    private final List<String> told = new ArrayList<>();
    private final FencedSessions sessions =
            new FencedSessions(new Server(), SETTINGS, AcceptedPrimary.WRITABLE, new Signs());
    private boolean fenced;
    private Runnable onTheWay = () -> {};

    /** One that refuses writes while it is fenced. */
    private final class Server implements Connector {
        @Override
        public Connection open(ConnectionSettings settings) throws SQLException {
            if (fenced) {
                throw new SQLException("is read-only", "25006");
            }
            return stub.open(settings);
        }

        @Override
        public Reached openFencedToo(ConnectionSettings settings) throws SQLException {
            Reached reached = new Reached(stub.open(settings), fenced, Optional.empty());
            onTheWay.run();
            return reached;
        }

        @Override
        public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
            return stub.end(settings, connections);
        }
    }

    private final class Signs implements ServerObserver {
        @Override
        public void moved(SQLException failure) {
            told.add("moved");
        }

        @Override
        public void fenceMet() {
            told.add("met");
        }

        @Override
        public void fenceLifted() {
            told.add("lifted");
        }
    }

    @Test
    void onlyWhileItIsAcceptedAConnectionMayBeReadOnly() throws Exception {
        fenced = true;
        assertThatThrownBy(sessions::begin).hasMessage("is read-only");
        sessions.accept(AcceptedPrimary.FENCED_TOO);
        try (Connection readOnly = sessions.begin().connection()) {
            assertThat(readOnly.isClosed()).isFalse();
            assertThat(sessions.any()).isTrue();
            assertThat(sessions.areExpected()).isTrue();
        }
        assertThat(sessions.any()).isFalse();
        sessions.accept(AcceptedPrimary.WRITABLE);
        assertThatThrownBy(sessions::begin).hasMessage("is read-only");
        assertThat(told).containsExactly("met");
    }

    @Test
    void aFenceIsToldOfOnceAndSoIsItsEnd() throws Exception {
        sessions.accept(AcceptedPrimary.FENCED_TOO);
        fenced = true;
        try (Connection one = sessions.begin().connection();
                Connection other = sessions.begin().connection()) {
            fenced = false;
            sessions.begin().connection().close();
            assertThat(sessions.areExpected()).isFalse();
            sessions.accept(AcceptedPrimary.FENCED_TOO); // those of before are still in use, and say nothing new
            sessions.begin().connection().close();
            assertThat(List.of(one.isClosed(), other.isClosed())).containsOnly(false);
        }
        assertThat(told).containsExactly("met", "lifted");
    }

    @Test
    void thoseFromAnEarlierTimeTellOfTheFenceWhenTheyAreAcceptedAgain() throws Exception {
        sessions.accept(AcceptedPrimary.FENCED_TOO);
        fenced = true;
        try (Connection one = sessions.begin().connection()) {
            sessions.accept(AcceptedPrimary.WRITABLE);
            sessions.accept(AcceptedPrimary.FENCED_TOO);
            assertThat(one.isClosed()).isFalse();
        }
        assertThat(told).containsExactly("met", "met");
    }

    @Test
    void oneThatIsNotAcceptedAnyMoreWhenItIsOpenIsClosedAndAnotherTakenForIt() throws Exception {
        sessions.accept(AcceptedPrimary.FENCED_TOO);
        fenced = true;
        onTheWay = () -> {
            fenced = false;
            sessions.accept(AcceptedPrimary.WRITABLE);
        };
        sessions.begin().connection().close();
        assertThat(stub.openedConnections()).isEqualTo(2);
        assertThat(stub.openConnections()).isZero();
        assertThat(told).isEmpty();
    }
}
