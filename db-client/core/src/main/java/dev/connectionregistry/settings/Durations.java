package dev.connectionregistry.settings;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 200ms}, {@code 1s}, {@code 1.5s}, {@code 5m}, {@code 1h}, {@code 1m30s}. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ns|us|ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads a duration such as {@code 500ms}, {@code 30s}, {@code 1m30s}, or ISO-8601 ({@code PT30S}).
     *
     * @throws InvalidSettingsException naming {@code name}, the text, and the forms that are allowed; also for a
     *     negative duration
     */
    public static Duration parse(String name, String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        if (trimmed.startsWith("p")) {
            return parseIso(name, text, trimmed);
        }
        Matcher part = PART.matcher(trimmed);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (end < trimmed.length() && part.find(end) && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
            end = part.end();
        }
        if (end == 0 || end != trimmed.length() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw unreadable(name, text);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /** The shorter of two. */
    public static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration parseIso(String name, String text, String trimmed) {
        try {
            Duration parsed = Duration.parse(trimmed);
            if (parsed.isNegative()) {
                throw unreadable(name, text);
            }
            return parsed;
        } catch (DateTimeException | ArithmeticException e) {
            throw unreadable(name, text);
        }
    }

    private static InvalidSettingsException unreadable(String name, String text) {
        return new InvalidSettingsException(
                name + " is '" + text + "'; write a positive duration such as 500ms, 30s, 1m30s or 1h");
    }

    private static BigDecimal unit(String unit) {
        Duration one =
                switch (unit) {
                    case "ns" -> Duration.ofNanos(1);
                    case "us" -> Duration.ofNanos(1_000);
                    case "ms" -> Duration.ofMillis(1);
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    default -> Duration.ofDays(1);
                };
        return BigDecimal.valueOf(one.toNanos());
    }

    /** The shortest exact text that {@link #parse} can read: {@code 1s}, {@code 1m30s}, {@code 250ms}. */
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        int nanos = duration.toNanosPart();
        if (nanos % 1_000_000 == 0) {
            append(text, nanos / 1_000_000, "ms");
        } else if (nanos % 1_000 == 0) {
            append(text, nanos / 1_000, "us");
        } else {
            append(text, nanos, "ns");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }
}
