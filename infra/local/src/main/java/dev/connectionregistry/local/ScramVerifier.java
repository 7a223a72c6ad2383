package dev.connectionregistry.local;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password (RFC 5803), so that it can be told how much work a login is: every client repeats the
 * iterations, 4096 where the server is given the password itself. One is enough where nobody attacks, and saves a JVM ten
 * milliseconds for each connection.
 */
final class ScramVerifier {
    private static final String HMAC = "HmacSHA256";
    private static final int BITS = 256;

    private ScramVerifier() {}

    /**
     * What to give the server for {@code password}, in the place of a password: the password itself, with the server's own
     * iterations, if it isn't of ASCII and so would have to be prepared first (RFC 4013).
     */
    static String of(String password, int iterations) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(password)) {
            return password;
        }
        byte[] salt = Secrets.random().getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2With" + HMAC)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, BITS))
                    .getEncoded();
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            return "SCRAM-SHA-256$" + iterations + ":" + base64(salt) + "$" + base64(stored) + ":"
                    + base64(hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new LocalServerException("This JVM lacks what passwords of Postgres need", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
