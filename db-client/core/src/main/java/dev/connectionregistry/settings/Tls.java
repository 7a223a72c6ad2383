package dev.connectionregistry.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How connections are protected, in terms of the driver's properties; each mode protects at least as well as those
 * before it.
 */
public enum Tls {
    /** No TLS. */
    DISABLE,
    /** TLS only if the server accepts nothing else. */
    ALLOW,
    /** TLS if the server supports it; the driver's default. */
    PREFER,
    /** Encrypted; the server's identity is not checked. */
    REQUIRE,
    /** Encrypted; the server's certificate is issued by an authority in {@code sslrootcert}. */
    VERIFY_CA,
    /** Encrypted; in addition, the server's certificate has the name in the endpoint. */
    VERIFY_FULL;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /** What these settings ask for. */
    public static Tls of(ConnectionSettings settings) {
        return of(settings.properties());
    }

    /** What these properties of the driver ask for; {@link #PREFER} for a mode that the driver doesn't know and refuses. */
    public static Tls of(Map<String, String> properties) {
        String mode = properties.get("sslmode");
        if (mode == null) {
            return impliedBySsl(properties);
        }
        for (Tls each : values()) {
            if (each.toString().equals(mode.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        return PREFER;
    }

    /** The driver treats {@code ssl=true} as verify-full. */
    private static Tls impliedBySsl(Map<String, String> properties) {
        String ssl = properties.get("ssl");
        return ssl != null && (ssl.isEmpty() || ssl.equalsIgnoreCase("true")) ? VERIFY_FULL : PREFER;
    }

    /**
     * The mode as {@code sslmode} writes it.
     *
     * @throws InvalidSettingsException if there is no such mode
     */
    public static Tls parse(String text) {
        for (Tls each : values()) {
            if (each.toString().equals(text)) {
                return each;
            }
        }
        throw new InvalidSettingsException("TLS mode '" + text
                + "' is unknown; known are disable, allow, prefer, require," + " verify-ca and verify-full");
    }

    /** Whether this protects at least as well as {@code other}. */
    public boolean isAtLeast(Tls other) {
        return compareTo(other) >= 0;
    }

    /** Whether the server must prove that it is the one in the endpoint. */
    public boolean isVerified() {
        return this == VERIFY_FULL;
    }

    /** Whether data sent to this server, or to one of its hosts, leaves the machine. */
    public static boolean isRemote(Endpoint endpoint) {
        return endpoint.hosts().stream()
                .anyMatch(host -> !LOOPBACK.contains(host.name().toLowerCase(Locale.ROOT)));
    }

    /** As {@code sslmode} writes it, such as {@code verify-full}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
