package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.measure.FoundRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What is on the new server in the end. */
public final class Rows {
    private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(60);

    private Rows() {}

    /**
     * Waits until the new server has all that the old one committed, and reads both tables there.
     *
     * @throws DemoException if replication does not catch up, or the new server cannot be asked
     */
    public static List<FoundRow> onNewServer(Stage stage) {
        try {
            stage.replication().awaitCaughtUp(CATCH_UP_TIMEOUT);
            List<FoundRow> rows = new ArrayList<>();
            read(stage.newServer(), "SELECT id, accepted_by FROM orders", FoundRow.Table.ORDERS, rows);
            read(stage.newServer(), "SELECT order_id, accepted_by FROM order_lines", FoundRow.Table.ORDER_LINES, rows);
            return rows;
        } catch (SQLException | RuntimeException e) {
            throw new DemoException("the rows on the new server cannot be looked for", e);
        }
    }

    private static void read(LocalPostgres server, String sql, FoundRow.Table table, List<FoundRow> rows)
            throws SQLException {
        try (Connection connection = server.connect(Stage.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(new FoundRow(table, row.getObject(1, UUID.class), row.getInt(2)));
            }
        }
    }
}
