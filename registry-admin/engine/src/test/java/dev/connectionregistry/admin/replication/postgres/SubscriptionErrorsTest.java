package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.local.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counts are found under whatever name the server has for them: here in views that look like those of other majors. */
@Tag("database-side")
@Timeout(60)
class SubscriptionErrorsTest {
    @Test
    void countsFailedCopiesUnderTheOldNameTheNewOneAndNoneThatIsKnown() throws Exception {
        Map<String, Long> views =
                Map.of("sync_error_count", 7L, "sync_table_error_count", 7L, "copy_error_count_of_another_age", -1L);
        try (LocalPostgres server = LocalPostgres.start(17)) {
            server.createDatabase("look");
            server.execute(
                    "look",
                    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)",
                    """
                    CREATE VIEW none AS
                    SELECT 1::oid AS subid, 's'::name AS subname, 5::bigint AS apply_error_count
                    WHERE false
                    """);
            try (Connection connection = server.connect("look")) {
                for (Map.Entry<String, Long> each : views.entrySet()) {
                    server.execute("look", view(each.getKey()));
                    assertThat(number(connection, SubscriptionErrors.copying(each.getKey())))
                            .as(each.getKey())
                            .isEqualTo(each.getValue());
                    assertThat(number(connection, SubscriptionErrors.applying(each.getKey())))
                            .isEqualTo(5);
                }
                assertThat(number(connection, SubscriptionErrors.copying("none")))
                        .as("a subscription that never failed")
                        .isZero();
                assertThat(number(connection, SubscriptionErrors.copying(SubscriptionErrors.VIEW)))
                        .isZero();
            }
            server.execute("look", "ALTER SUBSCRIPTION s SET (slot_name = NONE)", "DROP SUBSCRIPTION s");
        }
    }

    /** As the server's own, with the sequences that Postgres 19 counts beside the tables. */
    private static String view(String column) {
        return """
                CREATE VIEW "%1$s" AS
                SELECT oid AS subid, subname, 5::bigint AS apply_error_count, 3::bigint AS sync_seq_error_count,
                  7::bigint AS %1$s, now() AS stats_reset
                FROM pg_subscription
                """.formatted(column);
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, "s");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
