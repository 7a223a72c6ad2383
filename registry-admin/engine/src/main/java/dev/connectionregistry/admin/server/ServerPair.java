package dev.connectionregistry.admin.server;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The server that a database is on, and the one that it is to be on. Immutable; holds no password.
 *
 * @param database its name in the registry
 * @param version of the settings that this was made from
 * @param sourceSettings the settings that the services have now
 * @param targetSettings the settings that they would have on the target
 * @param source who works on the server that the services are on
 * @param target who works on the other one
 * @param defaults what the operator has set for who works where
 * @param together the other names that would be cut over with it
 */
public record ServerPair(
        DatabaseName database,
        long version,
        ConnectionSettings sourceSettings,
        ConnectionSettings targetSettings,
        ServerLogin source,
        ServerLogin target,
        AdminDefaults defaults,
        Set<DatabaseName> together) {
    public ServerPair {
        together = Set.copyOf(together);
    }

    /** Of a name that moves alone. */
    public ServerPair(
            DatabaseName database,
            long version,
            ConnectionSettings sourceSettings,
            ConnectionSettings targetSettings,
            ServerLogin source,
            ServerLogin target,
            AdminDefaults defaults) {
        this(database, version, sourceSettings, targetSettings, source, target, defaults, Set.of());
    }

    /** Without defaults of the operator. */
    public ServerPair(
            DatabaseName database,
            long version,
            ConnectionSettings sourceSettings,
            ConnectionSettings targetSettings,
            ServerLogin source,
            ServerLogin target) {
        this(database, version, sourceSettings, targetSettings, source, target, AdminDefaults.NONE);
    }

    /** The same beside these names, which would be cut over with it. */
    public ServerPair together(Collection<DatabaseName> names) {
        Set<DatabaseName> others = new HashSet<>(names);
        others.remove(database);
        return new ServerPair(database, version, sourceSettings, targetSettings, source, target, defaults, others);
    }

    /** What a command for this pair says of who works there, see {@link AdminOptionText}. */
    public String adminWords() {
        return AdminOptionText.of(source, sourceSettings, target, targetSettings, defaults);
    }
}
