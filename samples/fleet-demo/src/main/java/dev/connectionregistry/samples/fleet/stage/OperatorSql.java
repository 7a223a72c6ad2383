package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.DemoException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What the operator does on a server by hand, as the operator's role. Thread-safe. */
public final class OperatorSql {
    /** With the names that this program gives them and any others. */
    private static final String LEFT = """
            SELECT (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())
              + (
                SELECT count(*)
                FROM pg_subscription s
                JOIN pg_database d ON d.oid = s.subdbid
                WHERE d.datname = current_database()
              )
              + (SELECT count(*) FROM pg_publication)
            """;

    private final Stage stage;
    private final Consumer<String> screen;

    /**
     * On the stage's servers.
     *
     * @param screen told of each statement
     */
    public OperatorSql(Stage stage, Consumer<String> screen) {
        this.stage = stage;
        this.screen = screen;
    }

    /**
     * Executes statements in their order, in one session.
     *
     * @throws DemoException if one fails
     */
    public void paste(LocalPostgres server, String database, List<String> statements) {
        screen.accept("as " + Stage.ADMIN + " in " + database + " on " + server + ":");
        statements.forEach(sql -> screen.accept("  " + sql.replaceFirst(";?$", ";")));
        try (Connection connection = stage.asOperator(server, database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new DemoException("a statement failed on " + server + ": " + e.getMessage(), e);
        }
    }

    /**
     * How many slots, subscriptions and publications are on the two servers together.
     *
     * @throws DemoException if one cannot be asked
     */
    public long leftovers() {
        return stage.databases().stream()
                .mapToLong(database -> left(stage.source(), database) + left(stage.target(), database))
                .sum();
    }

    private static long left(LocalPostgres server, String database) {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LEFT)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new DemoException(server + " cannot be asked what is left on it", e);
        }
    }

    /**
     * Tries a write in a database of the target, as a service would.
     *
     * @return the SQLState and the message of the refusal; empty if it was taken
     */
    public String refusalOfTarget(String database) {
        try (Connection connection = stage.asService(stage.target(), database);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO order_lines (order_id, note) VALUES ('" + new UUID(0, 0) + "', 'too late')");
            return "";
        } catch (SQLException refused) {
            return refused.getSQLState() + " " + refused.getMessage();
        }
    }
}
