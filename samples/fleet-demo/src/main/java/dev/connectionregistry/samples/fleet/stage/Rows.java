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
import java.util.Locale;
import java.util.UUID;

/** What is on a server in the end. */
public final class Rows {
    private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(60);

    private Rows() {}

    /**
     * Waits until the target has all that the source committed, and reads both tables there.
     *
     * @throws DemoException if replication does not catch up, or the target cannot be asked
     */
    public static List<FoundRow> onNewServer(Stage stage) {
        try {
            if (stage.replication().isPresent()) {
                stage.replication().get().awaitCaughtUp(CATCH_UP_TIMEOUT);
            }
            return on(stage.target(), stage.databases(), List.of(FoundRow.Table.ORDERS, FoundRow.Table.ORDER_LINES));
        } catch (SQLException | RuntimeException e) {
            throw new DemoException("the rows on the target cannot be looked for", e);
        }
    }

    /**
     * Reads what the fleet wrote of the {@link Shop} from the source, of all databases.
     *
     * @throws DemoException if it cannot be asked
     */
    public static List<FoundRow> ofShop(Stage stage) {
        try {
            return on(stage.source(), stage.databases(), List.of(FoundRow.Table.values()));
        } catch (SQLException e) {
            throw new DemoException("the rows on " + stage.source() + " cannot be looked for", e);
        }
    }

    /**
     * Reads the orders of {@link SpringOrders} from the source.
     *
     * @throws DemoException if it cannot be asked
     */
    public static List<FoundRow> ofSpringOrders(Stage stage) {
        List<FoundRow> rows = new ArrayList<>();
        String sql = "SELECT id, inet_server_port() FROM orders";
        try {
            read(stage.source(), Stage.DATABASE, sql, FoundRow.Table.ORDERS, rows);
        } catch (SQLException e) {
            throw new DemoException("the rows on " + stage.source() + " cannot be looked for", e);
        }
        return rows;
    }

    private static List<FoundRow> on(LocalPostgres server, List<String> databases, List<FoundRow.Table> tables)
            throws SQLException {
        List<FoundRow> rows = new ArrayList<>();
        for (FoundRow.Table table : tables) {
            String id = table == FoundRow.Table.ORDERS ? "id" : "order_id";
            String sql = """
                    SELECT %s, accepted_by
                    FROM %s
                    WHERE accepted_by <> %s
                    """.formatted(id, table.name().toLowerCase(Locale.ROOT), Shop.NOBODY);
            for (String database : databases) {
                read(server, database, sql, table, rows);
            }
        }
        return rows;
    }

    private static void read(
            LocalPostgres server, String database, String sql, FoundRow.Table table, List<FoundRow> rows)
            throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(new FoundRow(table, row.getObject(1, UUID.class), row.getInt(2)));
            }
        }
    }
}
