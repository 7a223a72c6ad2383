package dev.connectionregistry.samples.frameworks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** A library that keeps jobs in the database and runs them on two instances, each with a data source of its own. */
abstract class JobQueue extends Framework {
    final List<DataSource> instances;

    JobQueue(String name, int mostOpen, List<DataSource> instances) {
        super(name, mostOpen);
        this.instances = instances;
    }

    /** What a job does, on the data source of its instance. */
    final void work(DataSource dataSource, String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO work (id) VALUES (?)")) {
            insert.setString(1, id);
            insert.executeUpdate();
        } catch (SQLException e) {
            failed(e); // most libraries would only try again
            throw e;
        }
        done();
    }
}
