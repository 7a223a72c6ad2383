package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.measure.CutoverFacts.Commits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the servers say of the services' writes: when they were committed, and which numbers they were given. */
public final class CommitTimes {
    /** The first or last commit of a server's own rows; the two servers share the machine's clock. */
    private static final String COMMIT =
            "SELECT round(extract(epoch FROM %s(pg_xact_commit_timestamp(xmin))) * 1000000)"
                    + "::bigint FROM (SELECT xmin, accepted_by FROM orders UNION ALL SELECT xmin, accepted_by FROM order_lines)"
                    + " AS written WHERE accepted_by = inet_server_port()";

    private static final String NUMBERS_TWICE = "SELECT count(*) - count(DISTINCT number) FROM orders";

    private CommitTimes() {}

    /**
     * Asks both servers.
     *
     * @throws DemoException if one doesn't answer
     */
    public static Commits read(Stage stage) {
        try {
            return new Commits(
                    number(stage.oldServer(), String.format(COMMIT, "max")),
                    number(stage.newServer(), String.format(COMMIT, "min")),
                    number(stage.newServer(), NUMBERS_TWICE));
        } catch (SQLException e) {
            throw new DemoException("the servers cannot be asked for the times of their commits", e);
        }
    }

    /**
     * Tries a write on the old server, as a service would.
     *
     * @return the SQLState and the message of the refusal; empty if it was taken
     */
    public static String refusalOfOldServer(Stage stage) {
        try (Connection connection = stage.oldServerAsService();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO order_lines (order_id, note) VALUES ('" + new UUID(0, 0) + "', 'too late')");
            return "";
        } catch (SQLException refused) {
            return refused.getSQLState() + " " + refused.getMessage();
        }
    }

    private static long number(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect(Stage.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return orMinusOne(row.getObject(1, Long.class));
        }
    }

    private static long orMinusOne(@Nullable Long value) {
        return value == null ? -1 : value;
    }
}
