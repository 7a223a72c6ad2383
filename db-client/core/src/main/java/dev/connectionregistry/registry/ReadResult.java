package dev.connectionregistry.registry;

import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/**
 * The result of one read of the registry. Absent and unreadable are never confused: only the registry itself can say
 * that a database doesn't exist.
 */
public sealed interface ReadResult {
    /** The registry answered with settings that this release understands. */
    record Found(VersionedSettings settings) implements ReadResult {}

    /**
     * The registry answered that there is no such database.
     *
     * @param removedAt the version that removed it; empty if it never existed
     */
    record Absent(Optional<VersionedSettings> removedAt) implements ReadResult {}

    /**
     * The registry answered with settings that can't be used: malformed, out of bounds, of a newer format, or with a
     * literal password.
     *
     * @param version the version number, if that much could be read
     * @param problem what is wrong; contains no secret
     */
    record Malformed(Optional<Long> version, String problem) implements ReadResult {}

    /**
     * The registry did not answer.
     *
     * @param problem what went wrong and what to do; contains no secret
     */
    record Unreadable(RegistryException problem) implements ReadResult {}

    /**
     * Returns this result if the registry answered.
     *
     * @throws RegistryException saying why it didn't answer
     */
    default ReadResult answered() {
        if (this instanceof Unreadable unreadable) {
            throw unreadable.problem();
        }
        return this;
    }

    /** The settings, if the database exists and they can be used. */
    default Optional<VersionedSettings> current() {
        return this instanceof Found found ? Optional.of(found.settings()) : Optional.empty();
    }

    /** The newest version that can be used, including a version that removed the database. */
    default Optional<VersionedSettings> newest() {
        return this instanceof Absent absent ? absent.removedAt() : current();
    }

    /** The number of the newest version, even if that version can't be used. */
    default Optional<Long> version() {
        return newest().map(VersionedSettings::version);
    }
}
