package dev.connectionregistry.registry;

import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/**
 * What one read of the registry came to. Absent is never unreadable: only the registry itself can say that a database
 * isn't there.
 */
public sealed interface ReadResult {
    /** The registry answered with settings that this release understands. */
    record Found(VersionedSettings settings) implements ReadResult {}

    /**
     * The registry answered that there is no such database.
     *
     * @param removedAt the version that removed it; empty if it was never there
     */
    record Absent(Optional<VersionedSettings> removedAt) implements ReadResult {}

    /**
     * The registry answered with settings that can't be used: malformed, out of bounds, of a newer format, or with a
     * literal password.
     *
     * @param version the version number, if that much could be read
     * @param problem what is wrong; no secret
     */
    record Malformed(Optional<Long> version, String problem) implements ReadResult {}

    /**
     * The registry did not answer.
     *
     * @param problem what went wrong and what to do; no secret
     */
    record Unreadable(RegistryException problem) implements ReadResult {}

    /**
     * This, if the registry answered.
     *
     * @throws RegistryException why it didn't
     */
    default ReadResult answered() {
        if (this instanceof Unreadable unreadable) {
            throw unreadable.problem();
        }
        return this;
    }

    /** The settings, if the database is there and they can be used. */
    default Optional<VersionedSettings> current() {
        return this instanceof Found found ? Optional.of(found.settings()) : Optional.empty();
    }

    /** The newest version that can be used, also one that removed the database. */
    default Optional<VersionedSettings> newest() {
        return this instanceof Absent absent ? absent.removedAt() : current();
    }

    /** The number of the newest version, also of one that can't be used. */
    default Optional<Long> version() {
        return newest().map(VersionedSettings::version);
    }
}
