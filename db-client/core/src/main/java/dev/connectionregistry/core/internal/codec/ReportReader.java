package dev.connectionregistry.core.internal.codec;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the attributes of a report, each within its bounds: anybody with the rights of one service can write a report,
 * and commands calculate with these values and show them. Texts may hold any characters; the code that prints them
 * cleans them.
 */
record ReportReader(Map<?, ?> document) {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final long LONGEST_MILLIS = Duration.ofHours(1).toMillis();
    private static final int MOST_BOUNDS = 1_000;

    /** A text of at most {@code longest} characters. */
    String text(String name, int longest) {
        return optionalText(name, longest).orElseThrow(() -> wrong(name, "is missing"));
    }

    Optional<String> optionalText(String name, int longest) {
        Object value = document.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw wrong(name, "is not a text");
        }
        if (text.length() > longest) {
            throw wrong(name, "has " + text.length() + " characters; allowed are " + longest);
        }
        return Optional.of(text);
    }

    /** A whole number from {@code least} to {@code most}, both included. */
    long number(String name, long least, long most) {
        if (!(document.get(name) instanceof Number number)) {
            throw wrong(name, "is missing or not a number");
        }
        try {
            long value = new BigDecimal(number.toString()).longValueExact();
            if (value >= least && value <= most) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // reported below
        }
        throw wrong(name, "is " + number + "; allowed are whole numbers from " + least + " to " + most);
    }

    /** True or false. */
    boolean flag(String name) {
        if (document.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "is missing or not a boolean");
    }

    int count(String name) {
        return (int) number(name, 0, 1_000_000);
    }

    /** A duration of at least {@code least} milliseconds and at most an hour. */
    Duration millis(String name, long least) {
        return Duration.ofMillis(number(name, least, LONGEST_MILLIS));
    }

    /** A time in the current centuries, so that durations between two such times don't overflow. */
    Instant time(String name) {
        String text = text(name, 40);
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException e) {
            // reported below
        }
        throw wrong(name, "is '" + text + "'; allowed are times such as 2026-11-01T12:00:00Z from " + EARLIEST + " on");
    }

    /** An attribute that is a map; empty if it is missing. */
    Optional<ReportReader> child(String name) {
        Object value = document.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map) {
            return Optional.of(new ReportReader(map));
        }
        throw wrong(name, "is not a map");
    }

    /** Lists of texts by name. */
    Map<String, List<String>> lists() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        int values = 0;
        for (Map.Entry<?, ?> entry : document.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!(entry.getValue() instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
                throw wrong(name, "is not a list of texts");
            }
            values += 1 + list.size();
            if (values > MOST_BOUNDS) {
                throw wrong(name, "makes more than " + MOST_BOUNDS + " values");
            }
            lists.put(name, list.stream().map(String.class::cast).toList());
        }
        return lists;
    }

    private static InvalidSettingsException wrong(String name, String what) {
        return new InvalidSettingsException(Printable.line("attribute '" + name + "' " + what));
    }
}
