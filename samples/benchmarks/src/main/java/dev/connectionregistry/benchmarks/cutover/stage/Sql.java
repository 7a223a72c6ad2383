package dev.connectionregistry.benchmarks.cutover.stage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Queries for one value. */
public final class Sql {
    private Sql() {}

    /**
     * The first column of the first row.
     *
     * @throws SQLException as the driver says, or if there is no row
     */
    public static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * The first column of the first row.
     *
     * @throws SQLException as the driver says, or if there is no row
     */
    public static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            return number(statement);
        }
    }

    /**
     * The first column of the first row.
     *
     * @throws SQLException as the driver says, or if there is no row
     */
    public static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * Executes one statement.
     *
     * @throws SQLException as the driver says
     */
    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
