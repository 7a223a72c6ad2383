package dev.connectionregistry.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How connections are protected, as the driver's properties say it.
 *
 * @param mode {@code sslmode}, in lower case; {@code prefer}, the driver's default, if it isn't given
 * @param hasRootCertificate whether {@code sslrootcert} names the authorities to believe
 */
public record Tls(String mode, boolean hasRootCertificate) {
    /** The one that keeps everybody else out: encrypted, by a server whose certificate bears the name that was asked for. */
    public static final String VERIFIED = "verify-full";

    private static final Set<String> REQUIRED = Set.of("require", "verify-ca", VERIFIED);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /** What these settings ask for. */
    public static Tls of(ConnectionSettings settings) {
        return of(settings.properties());
    }

    /** What these properties of the driver ask for. */
    public static Tls of(Map<String, String> properties) {
        return new Tls(
                properties.getOrDefault("sslmode", impliedBySsl(properties)).toLowerCase(Locale.ROOT),
                properties.containsKey("sslrootcert"));
    }

    /** The driver takes {@code ssl=true} for verify-full. */
    private static String impliedBySsl(Map<String, String> properties) {
        String ssl = properties.get("ssl");
        return ssl != null && (ssl.isEmpty() || ssl.equalsIgnoreCase("true")) ? VERIFIED : "prefer";
    }

    /**
     * Refuses to send a password where it would serve whoever reads it on the way: a token of {@code rds-iam} without TLS.
     *
     * @throws InvalidSettingsException saying which properties are missing
     */
    public void requireFor(SecretRef password, Endpoint endpoint) {
        if (password.scheme().equals("rds-iam") && !isRequired()) {
            throw new InvalidSettingsException("an rds-iam token is sent through TLS only: set driver property sslmode="
                    + VERIFIED + " with sslrootcert (it is '" + mode + "' for " + endpoint + ")");
        }
    }

    /** Whether nothing is sent to a server without TLS, whoever that server is. */
    public boolean isRequired() {
        return REQUIRED.contains(mode);
    }

    /** Whether the server has to prove who it is. */
    public boolean isVerified() {
        return mode.equals(VERIFIED);
    }

    /** Whether what is sent to this server leaves the machine. */
    public static boolean isRemote(Endpoint endpoint) {
        return !LOOPBACK.contains(endpoint.host().toLowerCase(Locale.ROOT));
    }
}
