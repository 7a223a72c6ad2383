package dev.connectionregistry.core.internal.signal;

import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a notification on a run's phase channel says: that this version is in the registry, with the secret that proves it.
 * It counts only for an instance that has read a version whose transition has the matching commitment. A notification with
 * any other text is a hint to read the registry, nothing more.
 *
 * @param kind what the version says
 * @param version which version
 * @param secret fulfils a {@link Commitment} to kind and version
 */
public record Announcement(Commitment.Kind kind, long version, CommittedSecret secret) {
    /** The notification that a coordinator sends every second to show that signals arrive. */
    public static final String HEARTBEAT = "heartbeat";

    private static final String HEARS = "registry-hears/";

    private static final Pattern TEXT = Pattern.compile("([a-z]+) ([1-9][0-9]{0,18}) ([A-Za-z0-9_-]{43})");

    /** Parses a notification; empty if it isn't an announcement. */
    public static Optional<Announcement> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            long version = Long.parseLong(matcher.group(2));
            return Commitment.Kind.named(matcher.group(1)).flatMap(kind -> CommittedSecret.parse(matcher.group(3))
                    .map(secret -> new Announcement(kind, version, secret)));
        } catch (NumberFormatException e) { // above Long.MAX_VALUE
            return Optional.empty();
        }
    }

    /**
     * The {@code application_name} of an instance's signal session on the target while heartbeats of this run reach it. It proves nothing:
     * it only says that signals work well enough for the instance to poll slowly.
     */
    public static String nameOfWhoHears(String run) {
        return HEARS + run;
    }

    /** The notification's text, which reveals the secret. */
    public String text() {
        return kind + " " + version + " " + secret.reveal();
    }

    /** Whether {@code transition}, as it was read, has a commitment that this announcement fulfils. */
    public boolean isProvenBy(DatabaseName database, Transition transition) {
        return transition.commitments().stream()
                .filter(commitment -> commitment.kind() == kind && commitment.version() == version)
                .anyMatch(commitment -> secret.fulfils(commitment, database, transition.id()));
    }
}
