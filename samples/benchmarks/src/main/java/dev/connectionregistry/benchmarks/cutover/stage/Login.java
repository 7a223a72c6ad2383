package dev.connectionregistry.benchmarks.cutover.stage;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A role that exists on both servers, with the same password. Immutable.
 *
 * @param role its name
 * @param password letters and digits only: needs no quoting anywhere
 */
public record Login(String role, String password) {
    private static final int PASSWORD_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** With a password made up for this run. */
    static Login withRandomPassword(String role) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return new Login(role, HexFormat.of().formatHex(bytes));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return role;
    }
}
