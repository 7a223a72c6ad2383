package dev.connectionregistry.local;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes passwords for servers that live for minutes. */
final class Secrets {

    private static final int BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** Letters and digits only: needs no quoting anywhere. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
