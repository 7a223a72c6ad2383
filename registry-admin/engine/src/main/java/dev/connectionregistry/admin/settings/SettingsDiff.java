package dev.connectionregistry.admin.settings;

import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What differs between two contents, attribute by attribute, in the words of the documents. Pure. */
public final class SettingsDiff {
    private static final String MILLIS = "Millis";

    private SettingsDiff() {}

    /**
     * One attribute that differs.
     *
     * @param name such as {@code pool.maximumSize}; durations without their unit
     * @param before its text before; empty if it wasn't set
     * @param after its text after; empty if it isn't set
     */
    public record Difference(String name, Optional<String> before, Optional<String> after) {
        /** {@code endpoint: a:5432/x -> b:5432/x}. */
        @Override
        public String toString() {
            return name + ": " + before.orElse("(none)") + " -> " + after.orElse("(none)");
        }
    }

    /**
     * What is different in {@code after}, including attributes that this release doesn't know, a removal and a cutover.
     */
    public static List<Difference> between(VersionedSettings before, VersionedSettings after) {
        return compare(attributes(before), attributes(after));
    }

    /** The same without differences in the cutover that they carry. */
    public static List<Difference> besidesTransition(VersionedSettings before, VersionedSettings after) {
        return compare(lasting(before), lasting(after));
    }

    /** What is different in {@code after}. */
    public static List<Difference> between(ConnectionSettings before, ConnectionSettings after) {
        return compare(attributes(before), attributes(after));
    }

    /** Every attribute of a content as text, in the documents' order. */
    public static Map<String, String> attributes(ConnectionSettings settings) {
        Map<String, Object> document = SettingsCodec.toDocument(settings);
        document.put("endpoint", settings.endpoint().toString());
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", document, flat);
        return flat;
    }

    private static Map<String, String> attributes(VersionedSettings versioned) {
        Map<String, String> flat = lasting(versioned);
        versioned.transition().ifPresent(transition -> flatten(versioned.settings(), transition, flat));
        return flat;
    }

    private static Map<String, String> lasting(VersionedSettings versioned) {
        Map<String, String> flat = attributes(versioned.settings());
        flat.put("reportPartitions", Integer.toString(versioned.reportPartitions()));
        flatten("", versioned.unknown(), flat);
        if (versioned.removed()) {
            flat.put("removed", "true");
        }
        return flat;
    }

    /** Shows of the target only what differs from the settings beside it: the rest isn't new. */
    private static void flatten(ConnectionSettings settings, Transition transition, Map<String, String> flat) {
        flat.put("transition.id", transition.id());
        flat.put("transition.phase", transition.phase().toString());
        flat.put("transition.holdBudget", Durations.text(transition.holdBudget()));
        between(settings, transition.target())
                .forEach(each -> flat.put(
                        "transition.target." + each.name(), each.after().orElse("(none)")));
    }

    private static void flatten(String prefix, Map<?, ?> document, Map<String, String> flat) {
        document.forEach((key, value) -> {
            String name = prefix + key;
            if (value instanceof Map<?, ?> child) {
                flatten(name + ".", child, flat);
            } else if (name.endsWith(MILLIS) && value instanceof Number millis) {
                flat.put(
                        name.substring(0, name.length() - MILLIS.length()),
                        Durations.text(Duration.ofMillis(millis.longValue())));
            } else {
                flat.put(name, String.valueOf(value));
            }
        });
    }

    private static List<Difference> compare(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String name : names) {
            Optional<String> old = Optional.ofNullable(before.get(name));
            Optional<String> now = Optional.ofNullable(after.get(name));
            if (!old.equals(now)) {
                differences.add(new Difference(name, old, now));
            }
        }
        return differences;
    }
}
