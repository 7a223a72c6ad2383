package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a server that nobody prepared for replication. */
@Timeout(60)
class PostgresRightsTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @Test
    void whatIsMissingGoesOnAfterTo() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17)
                        .setting("wal_level", "replica")
                        .setting("max_wal_senders", "0")
                        .setting("max_replication_slots", "0")
                        .start();
                Session session = Session.open(login(server), "registry-admin/test", BOUND)) {
            PostgresRights rights = new PostgresRights(session);
            assertThat(rights.toPublish(List.of(), 2, BOUND))
                    .extracting(MissingRight::what)
                    .containsExactly(
                            "make logical slots, and wal_level is replica",
                            "make more slots (2), and there is room for 0");
        }
    }

    @Test
    void theRoleAsWhichTheSessionWorksCounts() throws Exception {
        try (LocalPostgres server =
                LocalPostgres.builder(17).setting("wal_level", "logical").start()) {
            try (Connection connection = server.connect("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE ROLE dba SUPERUSER");
                statement.execute("CREATE ROLE ops LOGIN IN ROLE dba PASSWORD '" + server.password() + "'");
                statement.execute("ALTER ROLE ops SET role = dba");
            }
            try (Session session = Session.open(login(server, "ops"), "registry-admin/test", BOUND)) {
                assertThat(new PostgresRights(session).toPublish(List.of(), 1, BOUND))
                        .isEmpty();
            }
        }
    }

    private static Login login(LocalPostgres server) {
        return login(server, server.superuser());
    }

    private static Login login(LocalPostgres server, String role) {
        return new Login(
                new Endpoint(server.host(), server.port(), "postgres"),
                role,
                () -> new Secret(server.password()),
                Map.of());
    }
}
