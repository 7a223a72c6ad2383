package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.measure.CutoverFacts.Commits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the servers say of the services' writes: when they were committed, and which numbers they were given. */
public final class CommitTimes {
    /** The first or last commit of a server's own rows; the two servers share the machine's clock. */
    private static final String COMMIT = """
            SELECT round(extract(epoch FROM %s(pg_xact_commit_timestamp(xmin))) * 1000000)::bigint
            FROM (
              SELECT xmin, accepted_by FROM orders
              UNION ALL SELECT xmin, accepted_by FROM order_lines
            ) AS written
            WHERE accepted_by = inet_server_port()
            """;

    private static final String NUMBERS_TWICE = "SELECT count(*) - count(DISTINCT number) FROM orders";

    private static final String OWN_COMMITS = """
            SELECT round(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint
            FROM (
              SELECT xmin, accepted_by FROM orders
              UNION ALL SELECT xmin, accepted_by FROM order_lines
              UNION ALL SELECT xmin, accepted_by FROM events
            ) AS written
            WHERE accepted_by = inet_server_port()
            ORDER BY 1
            """;

    private static final String SHOP_NUMBERS_TWICE = """
            SELECT (SELECT count(*) - count(DISTINCT number) FROM orders)
              + (SELECT count(*) - count(DISTINCT invoice) FROM order_lines)
              + (SELECT count(*) - count(DISTINCT id) FROM events)
            """;

    private CommitTimes() {}

    /**
     * What a fleet that went to the target and came back left on both.
     *
     * @param onTarget its commits there, in order, in micros since 1970
     * @param onSourceMeanwhile its commits on the source between the first and the last of these
     * @param numbersTwice numbers from sequences that were given out twice
     * @param taken how often something was taken from the shop's stock
     */
    public record ThereAndBack(List<Long> onTarget, List<Long> onSourceMeanwhile, long numbersTwice, long taken) {
        /** Copies the lists. */
        public ThereAndBack {
            onTarget = List.copyOf(onTarget);
            onSourceMeanwhile = List.copyOf(onSourceMeanwhile);
        }
    }

    /**
     * Asks both servers of the {@link Shop}, after the fleet has come back to the source.
     *
     * @throws DemoException if one doesn't answer
     */
    public static ThereAndBack ofShop(Stage stage) {
        try {
            List<Long> there = commits(stage, stage.target());
            List<Long> meanwhile = there.isEmpty()
                    ? List.of()
                    : commits(stage, stage.source()).stream()
                            .filter(at -> at >= there.get(0) && at <= there.get(there.size() - 1))
                            .toList();
            return new ThereAndBack(
                    there,
                    meanwhile,
                    sum(stage, SHOP_NUMBERS_TWICE),
                    sum(stage, "SELECT sum(taken)::bigint FROM stock"));
        } catch (SQLException e) {
            throw new DemoException("the servers cannot be asked for the times of their commits", e);
        }
    }

    /** Of all databases, in order. */
    private static List<Long> commits(Stage stage, LocalPostgres server) throws SQLException {
        List<Long> commits = new ArrayList<>();
        for (String database : stage.databases()) {
            commits.addAll(numbers(server, database, OWN_COMMITS));
        }
        Collections.sort(commits);
        return commits;
    }

    private static long sum(Stage stage, String sql) throws SQLException {
        long sum = 0;
        for (String database : stage.databases()) {
            sum += number(stage.source(), database, sql);
        }
        return sum;
    }

    /**
     * Asks both servers.
     *
     * @throws DemoException if one doesn't answer
     */
    public static Commits read(Stage stage) {
        try {
            return new Commits(
                    number(stage.source(), String.format(COMMIT, "max")),
                    number(stage.target(), String.format(COMMIT, "min")),
                    number(stage.target(), NUMBERS_TWICE));
        } catch (SQLException e) {
            throw new DemoException("the servers cannot be asked for the times of their commits", e);
        }
    }

    /**
     * Tries a write on the source, as a service would.
     *
     * @return the SQLState and the message of the refusal; empty if it was taken
     */
    public static String refusalOfSource(Stage stage) {
        try (Connection connection = stage.sourceAsService();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO order_lines (order_id, note) VALUES ('" + new UUID(0, 0) + "', 'too late')");
            return "";
        } catch (SQLException refused) {
            return refused.getSQLState() + " " + refused.getMessage();
        }
    }

    private static long number(LocalPostgres server, String sql) throws SQLException {
        return number(server, Stage.DATABASE, sql);
    }

    private static long number(LocalPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return orMinusOne(row.getObject(1, Long.class));
        }
    }

    private static List<Long> numbers(LocalPostgres server, String database, String sql) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
        }
        return numbers;
    }

    private static long orMinusOne(@Nullable Long value) {
        return value == null ? -1 : value;
    }
}
