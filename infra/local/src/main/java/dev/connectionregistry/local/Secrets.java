package dev.connectionregistry.local;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.postgresql.util.PasswordUtil;

/** Creates passwords for servers that live for minutes. */
final class Secrets {

    private static final int BYTES = 12;
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** Letters and digits only: needs no quoting anywhere. */
    static String random() {
        return HexFormat.of().formatHex(random(BYTES));
    }

    /**
     * What a server stores for a password, and accepts in its place (RFC 5803). It determines how much work a login is:
     * every client repeats the iterations, and a JVM that hasn't optimized them yet needs 10 ms for the default of
     * 4096.
     */
    static String scramVerifier(String password, int iterations) {
        return PasswordUtil.encodeScramSha256(password.toCharArray(), iterations, random(SALT_BYTES));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
