package dev.connectionregistry.registry.dynamodb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets system properties for the time of a test. */
public final class SystemProperties {
    private final Map<String, @Nullable String> before = new HashMap<>();

    public void set(String name, String value) {
        String old = System.setProperty(name, value);
        before.putIfAbsent(name, old);
    }

    public void restore() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        before.clear();
    }
}
