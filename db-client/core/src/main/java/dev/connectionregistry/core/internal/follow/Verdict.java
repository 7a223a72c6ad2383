package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry's answer means to a reader that knows earlier settings. Only {@link Newer} settings may change
 * anything. Pure.
 */
public sealed interface Verdict {
    /** Settings newer than everything known. */
    record Newer(VersionedSettings found) implements Verdict {}

    /** The known version. */
    record Same() implements Verdict {}

    /** The known version, which came from elsewhere, such as a snapshot; the registry now says the same. */
    record Confirmed(VersionedSettings found) implements Verdict {}

    /** A version older than the known one. */
    record Older(Trouble trouble) implements Verdict {}

    /** The known version, but with different content. */
    record Changed(Trouble trouble) implements Verdict {}

    /** Settings that can't be used. */
    record Unusable(Trouble trouble) implements Verdict {}

    /** There is no such database. */
    record Absent(Trouble trouble) implements Verdict {}

    /** No answer. */
    record Unanswered(Trouble trouble) implements Verdict {}

    /**
     * What is known before the answer.
     *
     * @param version the newest version known from anywhere; 0 if there is none
     * @param newest the newest settings that were read or started from; null before any
     */
    record Known(long version, @Nullable Content newest) {}

    /**
     * Settings that are known.
     *
     * @param confirmed whether the registry itself has said so
     */
    record Content(long version, ConnectionSettings settings, Optional<Transition> transition, boolean confirmed) {}

    /** Interprets the answer. */
    static Verdict of(Known known, ReadResult result) {
        if (result instanceof ReadResult.Found found) {
            return found(known, found.settings());
        }
        if (result instanceof ReadResult.Absent absent) {
            return new Absent(answered("absent", absence(absent)));
        }
        if (result instanceof ReadResult.Malformed malformed) {
            String which =
                    malformed.version().map(number -> "version " + number).orElse("the current version");
            String message = which + " in the registry can't be used: " + malformed.problem();
            return new Unusable(new Trouble("malformed " + which, message, true, malformed.version()));
        }
        if (result instanceof ReadResult.Unreadable unreadable) {
            RegistryException problem = unreadable.problem();
            String message = "the registry can't be read: " + problem.getMessage();
            return new Unanswered(new Trouble(problem.kind().name(), message, false, Optional.empty()));
        }
        throw new AssertionError(result);
    }

    private static Verdict found(Known known, VersionedSettings found) {
        long version = found.version();
        Content newest = known.newest();
        if (!VersionBounds.isPlausible(known.version(), version)) {
            String message = "version " + version + " in the registry can't be used: "
                    + VersionBounds.complaint(known.version(), version);
            return new Unusable(new Trouble("implausible " + version, message, true, Optional.of(version)));
        }
        if (newest == null || version > newest.version()) {
            return new Newer(found);
        }
        if (version < newest.version()) {
            return new Older(answered(
                    "older " + version,
                    "the registry answered version " + version + " after version " + newest.version()
                            + "; older settings are never used: if they are intended, write them again as a newer"
                            + " version"));
        }
        if (!found.settings().equals(newest.settings())
                || (newest.confirmed() && !found.transition().equals(newest.transition()))) {
            return new Changed(answered(
                    "changed " + version,
                    "the registry answered version " + version
                            + " with different content; a version must never change: write a newer one"));
        }
        return newest.confirmed() ? new Same() : new Confirmed(found);
    }

    private static String absence(ReadResult.Absent absent) {
        return absent.removedAt()
                .map(removed -> "the database was removed from the registry by "
                        + removed.change().by() + " in version " + removed.version())
                .orElse("the registry says that there is no such database");
    }

    private static Trouble answered(String kind, String message) {
        return new Trouble(kind, message, true, Optional.empty());
    }
}
