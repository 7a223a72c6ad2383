package dev.connectionregistry.testing;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.SQLException;
import java.util.UUID;

/** A role of its own on a real server, whose password changes. The test must close it. */
public final class Rotation implements AutoCloseable {
    private final LocalPostgres server;
    private final String name = "rotating_" + UUID.randomUUID().toString().substring(0, 8);
    private volatile String password;

    private Rotation(LocalPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    /** Makes the role. */
    public static Rotation on(LocalPostgres server) throws SQLException {
        Rotation rotation = new Rotation(server, newPassword());
        server.createLogin(rotation.name, rotation.password);
        return rotation;
    }

    private static String newPassword() {
        return "rotated-" + UUID.randomUUID();
    }

    /** The role's name. */
    public String name() {
        return name;
    }

    /** What it logs in with now. */
    public String password() {
        return password;
    }

    /** Changes the password on the server, and returns it. */
    public String change() throws SQLException {
        String next = newPassword();
        server.execute("postgres", "ALTER ROLE " + name + " PASSWORD '" + next + "'");
        password = next;
        return next;
    }

    /** Ends all its sessions. */
    public void endSessions() throws SQLException {
        server.execute(
                "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name + "'");
    }

    /** Settings for {@code orders} with this role, whose password is at {@code reference}. */
    public ConnectionSettings settings(String reference) {
        return Servers.settings(server).withCredentials(name, SecretRef.parse(reference));
    }

    @Override
    public void close() throws SQLException {
        endSessions();
        server.execute("postgres", "DROP ROLE " + name);
    }
}
