package dev.connectionregistry.core.internal.bounds;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The driver's property {@code requireAuth}: which methods a server may ask for. Pure. */
final class Authentication {
    /** The property's name. */
    static final String PROPERTY = "requireAuth";

    private static final String PASSWORD = "password";

    private Authentication() {}

    /** Whether the settings expressly take a password in clear text. */
    static boolean asksForPassword(Map<String, String> properties) {
        return methods(properties).contains(PASSWORD);
    }

    /** What to ask of the driver so that the password is never sent in clear text; keeps what the settings ask for beside it. */
    static String withoutPassword(Map<String, String> properties) {
        List<String> methods = methods(properties);
        boolean lists = methods.stream().anyMatch(method -> !method.startsWith("!"));
        if (lists || methods.contains("!" + PASSWORD)) {
            return String.join(",", methods); // a list of what is taken, without "password"
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
