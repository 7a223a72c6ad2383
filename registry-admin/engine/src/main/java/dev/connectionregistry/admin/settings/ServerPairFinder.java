package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.function.UnaryOperator;

/** Finds the two servers of a database: the one in its settings, and the one that the operator names. */
public final class ServerPairFinder {
    private final SettingsReader reader;

    @Inject
    public ServerPairFinder(SettingsReader reader) {
        this.reader = reader;
    }

    /**
     * The two servers.
     *
     * @param target makes the target's settings from the current ones
     * @throws OperationException if there is no such database
     * @throws InvalidSettingsException if both are the same endpoint
     */
    public ServerPair of(
            DatabaseName database, UnaryOperator<ConnectionSettings> target, AdminLogin onSource, AdminLogin onTarget) {
        VersionedSettings current = reader.current(database);
        ConnectionSettings sourceSettings = current.settings();
        ConnectionSettings targetSettings = target.apply(sourceSettings);
        if (sourceSettings.endpoint().equals(targetSettings.endpoint())) {
            throw new InvalidSettingsException("--target is " + targetSettings.endpoint() + ", where '" + database
                    + "' is already; name the other server");
        }
        return new ServerPair(
                database,
                current.version(),
                sourceSettings,
                targetSettings,
                onSource.on(ServerLogin.of(sourceSettings)),
                onTarget.on(ServerLogin.of(targetSettings)),
                onSource.defaults());
    }
}
