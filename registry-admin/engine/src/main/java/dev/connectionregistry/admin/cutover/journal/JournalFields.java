package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the attributes of a journal; every problem is an {@link InvalidSettingsException} that names the attribute. */
final class JournalFields {
    private final Map<?, ?> document;

    JournalFields(Map<?, ?> document) {
        this.document = document;
    }

    Optional<String> textIfAny(String name) {
        return Optional.ofNullable(document.get(name)).map(String::valueOf);
    }

    String text(String name) {
        return textIfAny(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    long number(String name) {
        if (document.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw wrong(name, "is not a number");
    }

    Duration millis(String name) {
        return Duration.ofMillis(number(name));
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(document.get(name));
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw wrong(name, "is not a time");
        }
    }

    <E extends Enum<E>> E named(Class<E> type, String name) {
        return namedIfAny(type, name).orElseThrow(() -> wrong(name, "is missing"));
    }

    <E extends Enum<E>> Optional<E> namedIfAny(Class<E> type, String name) {
        try {
            return textIfAny(name).map(text -> Enum.valueOf(type, text));
        } catch (IllegalArgumentException e) {
            throw wrong(name, "says '" + text(name) + "', which this release doesn't know");
        }
    }

    Map<String, Object> map(String name) {
        return mapIfAny(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    @SuppressWarnings("unchecked") // maps from the registry have only text as keys
    Optional<Map<String, Object>> mapIfAny(String name) {
        return document.get(name) instanceof Map<?, ?> map ? Optional.of((Map<String, Object>) map) : Optional.empty();
    }

    Optional<JournalFields> within(String name) {
        return mapIfAny(name).map(JournalFields::new);
    }

    /** The map of this name; empty if there is nothing of this name. */
    Optional<Map<String, Object>> mapIfPresent(String name) {
        if (document.get(name) != null && mapIfAny(name).isEmpty()) {
            throw wrong(name, "is not a map");
        }
        return mapIfAny(name);
    }

    /** The maps in a list; empty if there is no such list. */
    List<JournalFields> withinAll(String name) {
        return list(name).stream()
                .map(each -> {
                    if (each instanceof Map<?, ?> map) {
                        return new JournalFields(map);
                    }
                    throw wrong(name, "contains something other than maps");
                })
                .toList();
    }

    JournalFields require(String name) {
        return new JournalFields(map(name));
    }

    List<?> list(String name) {
        return document.get(name) instanceof List<?> list ? list : List.of();
    }

    List<String> textsIfAny(String name) {
        return document.containsKey(name) ? texts(name) : List.of();
    }

    List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    static InvalidSettingsException wrong(String name, String what) {
        return new InvalidSettingsException("the journal can't be read: '" + name + "' " + what);
    }
}
