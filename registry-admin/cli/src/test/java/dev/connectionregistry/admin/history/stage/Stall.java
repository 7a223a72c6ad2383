package dev.connectionregistry.admin.history.stage;

import java.sql.Connection;
import java.sql.Statement;

/**
 * Keeps replication from bringing anything more, by a lock on the table that it writes to, while everyone else may read and
 * the subscription stays up. So a cutover stands still at its barrier until it is over.
 */
public final class Stall {
    private Stall() {}

    /** What is done meanwhile. */
    public interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    /** Does something while replication to this database stands still. */
    public static void of(Database subscriber, Action meanwhile) throws Exception {
        try (Connection connection = subscriber.superuser();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE entries IN EXCLUSIVE MODE");
            meanwhile.run();
            connection.rollback();
        }
    }
}
