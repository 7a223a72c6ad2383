package dev.connectionregistry.core.internal.bounds;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The driver property {@code requireAuth}: which authentication methods a server may ask for. Pure. */
final class Authentication {
    static final String PROPERTY = "requireAuth";

    private static final String PASSWORD = "password";

    private Authentication() {}

    /** Whether the settings explicitly allow a password in clear text. */
    static boolean asksForPassword(Map<String, String> properties) {
        return methods(properties).contains(PASSWORD);
    }

    /**
     * The value of {@code requireAuth} that keeps the password from being sent in clear text, and keeps everything else
     * that the settings ask for.
     */
    static String withoutPassword(Map<String, String> properties) {
        List<String> methods = methods(properties);
        boolean lists = methods.stream().anyMatch(method -> !method.startsWith("!"));
        if (lists || methods.contains("!" + PASSWORD)) {
            return String.join(",", methods); // a list of the accepted methods, without "password"
        }
        return methods.isEmpty() ? "!" + PASSWORD : String.join(",", methods) + ",!" + PASSWORD;
    }

    private static List<String> methods(Map<String, String> properties) {
        String value = properties.getOrDefault(PROPERTY, "");
        return Arrays.stream(value.split(","))
                .map(method -> method.strip().toLowerCase(Locale.ROOT))
                .filter(method -> !method.isEmpty())
                .toList();
    }
}
