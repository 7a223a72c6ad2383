package dev.connectionregistry.core.internal.signal;

import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.DatabaseName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * 32 random bytes whose digest is published first. They are revealed when what the digest stands for has happened:
 * nobody except their creator can announce it. A digest is bound to everything it stands for, so it proves one thing in
 * one run only. Immutable; {@link #toString} doesn't reveal the secret.
 */
public final class CommittedSecret {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final byte[] bytes;

    private CommittedSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static CommittedSecret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new CommittedSecret(bytes);
    }

    /** The secret in a text from {@link #reveal}; empty if it isn't such a text. */
    public static Optional<CommittedSecret> parse(String text) {
        if (text.length() != Commitment.DIGEST_LENGTH) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return bytes.length == BYTES ? Optional.of(new CommittedSecret(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The secret itself, in 43 characters of base64url. Only send it when what it stands for is true. */
    public String reveal() {
        return ENCODER.encodeToString(bytes);
    }

    /** The commitment that this secret fulfils for one version of one run. */
    public Commitment commitTo(DatabaseName database, String run, Commitment.Kind kind, long version) {
        return new Commitment(
                kind, version, digest("version", database.value(), run, kind.toString(), Long.toString(version)));
    }

    /** Whether this secret fulfils {@code commitment} in that run. */
    public boolean fulfils(Commitment commitment, DatabaseName database, String run) {
        return isSame(commitment, commitTo(database, run, commitment.kind(), commitment.version()));
    }

    private static boolean isSame(Commitment one, Commitment other) {
        return MessageDigest.isEqual(
                one.digest().getBytes(StandardCharsets.US_ASCII), other.digest().getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The digest that an instance publishes with READY and fulfils with HELD.
     *
     * @param instance {@code service/instance}
     * @param incarnation of the data source
     * @param version the version of the HOLD; for another version the secret proves nothing
     */
    public String heldDigest(DatabaseName database, String run, String instance, String incarnation, long version) {
        return digest("held", database.value(), run, instance, incarnation, Long.toString(version));
    }

    /**
     * SHA-256 over the parts and the secret. The length precedes each part, so that no two lists of parts look alike.
     */
    private String digest(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] text = part.getBytes(StandardCharsets.UTF_8);
                sha256.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
                sha256.update(text);
            }
            return ENCODER.encodeToString(sha256.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "CommittedSecret[masked]";
    }
}
