package dev.connectionregistry.core.internal.codec;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads attributes of one map. Throws, with the attribute's full name, if one is missing or of the wrong kind. */
record DocumentReader(Map<String, ?> document, String prefix) {
    boolean has(String name) {
        return document.get(name) != null;
    }

    String text(String name, @Nullable String standard) {
        Object value = document.get(name);
        if (value instanceof String text) {
            return text;
        }
        if (value == null && standard != null) {
            return standard;
        }
        throw wrong(name, value, "text");
    }

    long number(String name, @Nullable Long standard) {
        Object value = document.get(name);
        if (value == null && standard != null) {
            return standard;
        }
        if (value instanceof Number number) {
            try {
                return new BigDecimal(number.toString()).longValueExact();
            } catch (ArithmeticException | NumberFormatException e) {
                throw wrong(name, value, "a whole number of at most 19 digits");
            }
        }
        throw wrong(name, value, "a whole number");
    }

    /** False if the attribute is missing. */
    boolean flag(String name) {
        Object value = document.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(name, value, "true or false");
    }

    int integer(String name, int standard) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number(name, (long) standard)));
    }

    Duration millis(String name, Duration standard) {
        return Duration.ofMillis(number(name, standard.toMillis()));
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name, Instant.EPOCH.toString()));
        } catch (DateTimeException e) {
            throw wrong(name, document.get(name), "a time such as 2026-11-01T12:00:00Z");
        }
    }

    DocumentReader child(String name, boolean required) {
        Object value = document.get(name);
        if (value == null && !required) {
            return new DocumentReader(Map.of(), prefix + name + ".");
        }
        if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
            Map<String, Object> child = new LinkedHashMap<>();
            map.forEach((key, each) -> {
                if (each != null) {
                    child.put((String) key, each);
                }
            });
            return new DocumentReader(child, prefix + name + ".");
        }
        throw wrong(name, value, "a map");
    }

    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (String name : document.keySet()) {
            texts.put(name, text(name, null));
        }
        return texts;
    }

    /** The texts of a list; empty if it is missing. */
    List<String> list(String name) {
        Object value = document.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(name, value, "a list of texts");
    }

    private InvalidSettingsException wrong(String name, @Nullable Object value, String expected) {
        String what = value == null ? "is missing" : "is " + kind(value);
        return new InvalidSettingsException("attribute '" + prefix + name + "' " + what + "; it must be " + expected);
    }

    /** Never shows the value: under a wrong name it may be a password. */
    private static String kind(Object value) {
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof String ? "a text" : value instanceof Map ? "a map" : "of another kind";
    }
}
