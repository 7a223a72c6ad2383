package dev.connectionregistry.admin.server;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The source and the target of a database. Immutable; holds no password.
 *
 * @param database its name in the registry
 * @param version the version of the settings that this was made from
 * @param sourceSettings the settings that the services have now
 * @param targetSettings the settings that they would have on the target
 * @param source who works on the source
 * @param target who works on the target
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

    /** The servers of a name that moves alone. */
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

    /** The servers of a name that moves alone, without the operator's defaults. */
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

    /** The options that a command for this pair needs to say who works on the servers, see {@link AdminOptionText}. */
    public String adminWords() {
        return AdminOptionText.of(source, sourceSettings, target, targetSettings, defaults);
    }
}
