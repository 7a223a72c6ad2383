package dev.connectionregistry.settings;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A digest in a {@link Transition} that determines in advance who may announce one later version of a cutover: a signal
 * announces that version if it reveals the secret behind this digest (docs/adr/0032). The secret is never in the table.
 *
 * @param kind what the announced version says
 * @param version the announced version, as an absolute number
 * @param digest SHA-256 of the secret and everything that it stands for: {@link #DIGEST_LENGTH} base64url characters
 */
public record Commitment(Kind kind, long version, String digest) {
    /** The length of a digest, in characters. */
    public static final int DIGEST_LENGTH = 43;

    static final Comparator<Commitment> ORDER =
            Comparator.comparing(Commitment::kind).thenComparing(Commitment::version);

    /** What an announced version says, relative to the version before it. */
    public enum Kind {
        /** The same cutover in phase {@link Transition.Phase#HOLD}. */
        HOLD,
        /** Steady settings on the target. */
        SWITCH,
        /** Steady settings on the source. */
        UNDO;

        /** The kind with that name; empty for a kind that this release doesn't know, whose commitments it can't use. */
        public static Optional<Kind> named(String text) {
            for (Kind kind : values()) {
                if (kind.toString().equals(text)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /** {@code hold}, {@code switch}, {@code undo}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks version and digest.
     *
     * @throws InvalidSettingsException naming each problem
     */
    public Commitment {
        Problems problems = new Problems();
        problems.require(version >= 1, "a commitment to version " + version + " is not allowed; use 1 or more");
        problems.require(
                digest.matches("[A-Za-z0-9_-]{" + DIGEST_LENGTH + "}"),
                "the digest of the commitment to " + kind + " as version " + version + " is not " + DIGEST_LENGTH
                        + " characters of base64url");
        problems.throwIfAny();
    }
}
