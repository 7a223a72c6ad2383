package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.TableName;
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

    @Test
    void subscribingNeedsRoomForOriginsWhereTheServerLimitsThemByThemselves() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(18)
                        .setting("max_active_replication_origins", "1")
                        .start();
                Session session = Session.open(login(server), "registry-admin/test", BOUND)) {
            assertThat(new PostgresRights(session).toSubscribe(List.of(), 2, false, BOUND))
                    .containsExactly(MissingRight.room(
                            "run 3 more replication workers, and max_active_replication_origins leaves room for 1",
                            "ALTER SYSTEM SET max_active_replication_origins = 5, then restart the server"));
        }
    }

    /** A subscription becomes the owner of each table that it writes; to publish, the owner's rights are enough. */
    @Test
    void subscribingNeedsToBecomeTheOwnersOfTablesAndPublishingOnlyTheirRights() throws Exception {
        try (LocalPostgres server =
                LocalPostgres.builder(17).setting("wal_level", "logical").start()) {
            server.execute(
                    "postgres",
                    "CREATE ROLE shop",
                    "CREATE TABLE orders (id bigint PRIMARY KEY)",
                    "ALTER TABLE orders OWNER TO shop",
                    "CREATE ROLE ops LOGIN REPLICATION PASSWORD '" + server.password() + "'",
                    "GRANT CREATE ON DATABASE postgres TO ops",
                    "GRANT pg_create_subscription TO ops",
                    "GRANT shop TO ops WITH INHERIT TRUE, SET FALSE");
            List<TableName> tables = List.of(new TableName("public", "orders"));
            MissingRight becoming = MissingRight.of(
                    "ops",
                    "write to tables of shop, such as public.orders (1 in all)",
                    "GRANT shop TO \"ops\" WITH SET TRUE");
            try (Session session = Session.open(login(server, "ops"), "registry-admin/test", BOUND)) {
                PostgresRights rights = new PostgresRights(session);
                assertThat(rights.toPublish(tables, 1, BOUND)).isEmpty();
                assertThat(rights.toSubscribe(tables, 1, false, BOUND)).containsExactly(becoming);
                server.execute("postgres", becoming.statement());
                assertThat(rights.toSubscribe(tables, 1, false, BOUND)).isEmpty();
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
