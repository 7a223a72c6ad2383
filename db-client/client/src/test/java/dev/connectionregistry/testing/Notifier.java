package dev.connectionregistry.testing;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.settings.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sends what a coordinator sends to the instances of a run, and what it doesn't. Must be closed. */
public final class Notifier implements AutoCloseable {
    private final Connection connection;
    private final String channel;

    /** On the target's database {@code orders}. */
    public Notifier(LocalPostgres target, String run) throws SQLException {
        connection = target.connect("orders");
        channel = Transition.phaseChannel(run);
    }

    /** One notification for each of these, all in one transaction. */
    public void send(String... notifications) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            for (String notification : notifications) {
                statement.setString(1, channel);
                statement.setString(2, notification);
                statement.execute();
            }
        }
        connection.commit();
    }

    /** Sends an announcement, proven or not. */
    public void announce(Announcement announcement) throws SQLException {
        send(announcement.text());
    }

    /** Sends a heartbeat. */
    public void heartbeat() throws SQLException {
        send(Announcement.HEARTBEAT);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
