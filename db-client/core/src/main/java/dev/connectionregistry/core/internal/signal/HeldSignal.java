package dev.connectionregistry.core.internal.signal;

import java.util.Optional;

/**
 * How an instance tells the coordinator that it is HELD without waiting for its report: it renames its signal
 * connection on the target, so that the name reveals the secret of its READY report. With one query the coordinator
 * reads the names of all instances. With NOTIFY, N instances would cost N² wake-ups: up to Postgres 18 it wakes every
 * listening session of the database.
 *
 * @param secret fulfils the digest in the report
 * @param start the first characters of that digest, by which the coordinator finds it among the digests of all
 *     instances: trying every secret on every digest would cost N² hashes
 */
public record HeldSignal(CommittedSecret secret, String start) {
    /** How many characters of the digest are in the name. */
    public static final int START_LENGTH = 6;

    private static final String PREFIX = "registry-held/";

    /** The prefix of every such {@code application_name}, for a query. */
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

    /** Parses an {@code application_name}; empty if it has no signal. */
    public static Optional<HeldSignal> parse(String applicationName) {
        int end = applicationName.length() - START_LENGTH;
        return applicationName.startsWith(PREFIX) && end > PREFIX.length()
                ? CommittedSecret.parse(applicationName.substring(PREFIX.length(), end))
                        .map(secret -> new HeldSignal(secret, applicationName.substring(end)))
                : Optional.empty();
    }
}
