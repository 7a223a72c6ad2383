package dev.connectionregistry.testing;

import dev.connectionregistry.RegistryDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A program that has everything from its environment: borrows one connection, says where it is, and ends. */
public final class FromEnvironment {
    private FromEnvironment() {}

    /** Takes no arguments. */
    @SuppressWarnings("SystemOut") // its output is what the test reads
    public static void main(String[] arguments) throws SQLException {
        try (RegistryDataSource dataSource = RegistryDataSource.fromEnvironment();
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT current_database() || ' as ' || current_user
                          || ', seen as ' || current_setting('application_name')
                        """)) {
            row.next();
            System.out.println(
                    row.getString(1) + ", version " + dataSource.status().version());
        }
    }
}
