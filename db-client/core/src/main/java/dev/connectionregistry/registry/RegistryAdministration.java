package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Optional;

/**
 * The registry as an operator sees it. Implementations are thread-safe and bound every call in time.
 *
 * <p>Every method throws {@link RegistryException} if the registry can't be reached, refuses, or has no table.
 */
public interface RegistryAdministration {
    /** Creates the table if there is none and waits until it can be used; returns whether it created the table. */
    boolean createTable();

    /** Reads the current settings, consistently. */
    ReadResult read(DatabaseName database);

    /** The current settings of every database that isn't removed, whether they can be read or not, by name. */
    List<Listed> list();

    /**
     * Writes a version together with its history entry, both or neither, on condition that the current version is still
     * {@code next.version() - 1} (for version 1: that there is none).
     */
    default WriteResult write(VersionedSettings next) {
        return write(next, next.version() - 1);
    }

    /**
     * As {@link #write(VersionedSettings)}, but from any lower version; the numbers in between are never used. For a
     * registry that is older than what its instances have seen.
     *
     * @param base the version that must be current; 0 if there must be none
     */
    WriteResult write(VersionedSettings next, long base);

    /**
     * Replaces the current item by {@code next}, on condition that the item is still what {@code current} says. For an
     * item that can't be used, or whose version is implausible, so that no ordinary write can follow it.
     *
     * @return {@link WriteResult.Conflict} if the item has changed, or the version was written before
     */
    WriteResult repair(VersionedSettings next, ReadResult current);

    /** One version, current or past; empty if it was never written. */
    Optional<VersionedSettings> version(DatabaseName database, long version);

    /** Past and current versions, newest first, {@code limit} at most. */
    List<VersionedSettings> history(DatabaseName database, int limit);

    /** As {@link #history}, including the versions that can't be read. */
    default ItemsRead<VersionedSettings> readHistory(DatabaseName database, int limit) {
        return new ItemsRead<>(history(database, limit), List.of());
    }

    /** As {@link #fleet}, including the reports that can't be read. */
    default ItemsRead<InstanceReport> readFleet(DatabaseName database) {
        return new ItemsRead<>(fleet(database), List.of());
    }

    /** As {@link #list}, including items that aren't a database's settings at all. */
    default ItemsRead<Listed> readList() {
        return new ItemsRead<>(list(), List.of());
    }

    /**
     * The last report of every instance that uses the database, unless it has expired; by service, then by instance.
     */
    List<InstanceReport> fleet(DatabaseName database);

    /** Tries each right that operators need, without changing anything. Never throws; each failure is an entry. */
    List<AccessCheck> checkAccess();

    /** What this registry is, for messages: {@code table connection-registry in eu-west-1}. Contains no secret. */
    String describe();

    /**
     * One entry of {@link #list}.
     *
     * @param database the name
     * @param result {@link ReadResult.Found} or {@link ReadResult.Malformed}
     */
    record Listed(DatabaseName database, ReadResult result) {}

    /**
     * The result of one attempt of {@link #checkAccess}.
     *
     * @param what the right, such as {@code dynamodb:GetItem on settings}
     * @param ok whether the right is granted
     * @param detail what was observed, or what to do
     */
    record AccessCheck(String what, boolean ok, String detail) {}
}
