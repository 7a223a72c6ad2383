package dev.connectionregistry.core.internal.signal;

import java.util.Optional;

/**
 * How an instance tells the coordinator that it is HELD without waiting for its report: it renames its signal connection on the
 * target so that the name reveals the secret of its READY report. One query of the coordinator reads the names of all; up
 * to Postgres 18 a NOTIFY would wake every listening session of the database, so N instances would cost N² wake-ups.
 *
 * @param secret fulfils the digest of the report
 * @param start the first characters of that digest, by which the coordinator finds it among those of all instances: trying each
 *     secret on each digest would cost N² digests
 */
public record HeldSignal(CommittedSecret secret, String start) {
    /** How many characters of the digest are in the name. */
    public static final int START_LENGTH = 6;

    private static final String PREFIX = "registry-held/";

    /** How each such {@code application_name} begins, for a query. */
    public static String prefix() {
        return PREFIX;
    }

    /**
     * The {@code application_name} that reveals {@code secret}: exactly the 63 bytes that Postgres keeps.
     *
     * @param digest of the secret, as in the READY report
     */
    public static String applicationName(CommittedSecret secret, String digest) {
        return PREFIX + secret.reveal() + digest.substring(0, START_LENGTH);
    }

    /** The signal in an {@code application_name}; empty if there is none. */
    public static Optional<HeldSignal> parse(String applicationName) {
        int end = applicationName.length() - START_LENGTH;
        return applicationName.startsWith(PREFIX) && end > PREFIX.length()
                ? CommittedSecret.parse(applicationName.substring(PREFIX.length(), end))
                        .map(secret -> new HeldSignal(secret, applicationName.substring(end)))
                : Optional.empty();
    }
}
