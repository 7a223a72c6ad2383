package dev.connectionregistry.admin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An address that is a pooler's. */
@Timeout(60)
class PoolerTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource
    void isNamedByEveryLoginWhateverItsMode(PoolingProxy.Mode mode) throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (PoolingProxy proxy = new PoolingProxy(database.server, mode);
                Connection other = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name,
                        database.server.superuser(),
                        database.server.password());
                Statement statement = other.createStatement();
                ResultSet works = statement.executeQuery("SELECT 1")) {
            assertThat(works.next()).as("the pooler works").isTrue();
            Login direct = database.superuser();
            Login pooled = new Login(
                    new Endpoint("127.0.0.1", proxy.port(), database.name),
                    direct.username(),
                    direct.password(),
                    direct.properties());
            assertThatThrownBy(() -> Session.open(pooled, "test", BOUND))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("there is a connection pooler at 127.0.0.1:" + proxy.port())
                    .hasMessageContaining("give the address of the server itself")
                    .hasMessageContaining("listens on 127.0.0.1:" + database.server.port());
        }
    }

    @Test
    void isNotSeenWhereThereIsNone() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (Session session = Session.open(database.superuser(), "test", BOUND)) {
            assertThat(session.pid()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "42P05, ERROR: prepared statement \"S_1\" already exists",
        "26000, ERROR: prepared statement \"S_1\" does not exist",
        "08P01, FATAL: unsupported startup parameter: extra_float_digits",
        "08P01, FATAL: no such database: orders",
        "08P01, FATAL: query_wait_timeout",
        "08P01, FATAL: bouncer config error"
    })
    void isRecognisedByItsWords(String state, String message) throws Exception {
        Login login = TestDatabase.on(17).superuser();
        assertThat(PostgresErrors.ofLogin(login, Deadline.of(BOUND), new SQLException(message, state)))
                .hasMessageContaining("this is how a connection pooler such as pgbouncer answers")
                .hasMessageContaining("give the address of the server itself");
        assertThat(PostgresErrors.ofLogin(
                        login,
                        Deadline.of(BOUND),
                        new SQLException("FATAL: database \"orders\" does not exist", "3D000")))
                .hasMessageNotContaining("pooler");
    }
}
