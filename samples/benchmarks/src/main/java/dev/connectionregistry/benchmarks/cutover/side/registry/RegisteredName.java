package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;

/**
 * A name of the registry.
 *
 * @param name as services know it
 * @param pair the database that it is for, which may have several names
 */
public record RegisteredName(String name, DatabasePair pair) {
    /** With the name that the database has on its servers. */
    public static RegisteredName of(DatabasePair pair) {
        return new RegisteredName(pair.name(), pair);
    }
}
