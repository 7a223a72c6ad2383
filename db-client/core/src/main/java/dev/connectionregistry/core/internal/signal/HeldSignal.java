package dev.connectionregistry.core.internal.signal;

import java.util.Optional;

/**
 * How an instance tells the coordinator that it is HELD without waiting for its report: it renames its signal connection on the
 * target so that the name reveals the secret of its READY report. One query of the coordinator reads the names of all; up
 * to Postgres 18 a NOTIFY would wake every listening session of the database, so N instances would cost N² wake-ups.
 */
public final class HeldSignal {
    private static final String PREFIX = "registry-held/";

    private HeldSignal() {}

    /** The beginning of every such {@code application_name}, for a query. */
    public static String prefix() {
        return PREFIX;
    }

    /** The {@code application_name} that reveals {@code secret}: 57 of the 63 bytes that Postgres keeps. */
    public static String applicationName(CommittedSecret secret) {
        return PREFIX + secret.reveal();
    }

    /** The secret in an {@code application_name}; empty if there is none. */
    public static Optional<CommittedSecret> parse(String applicationName) {
        return applicationName.startsWith(PREFIX)
                ? CommittedSecret.parse(applicationName.substring(PREFIX.length()))
                : Optional.empty();
    }
}
