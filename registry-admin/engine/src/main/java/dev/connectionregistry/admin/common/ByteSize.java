package dev.connectionregistry.admin.common;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, as people write it. Units are powers of 1024, as Postgres counts.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*([kmgt]?i?b?)", Pattern.CASE_INSENSITIVE);
    private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB");

    /** Refuses a negative number. */
    public ByteSize {
        if (bytes < 0) {
            throw new InvalidSettingsException("a size of " + bytes + " bytes is below zero");
        }
    }

    /**
     * Reads {@code 50GB}, {@code 512 MB} or a plain number of bytes.
     *
     * @throws InvalidSettingsException if it is neither
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new InvalidSettingsException("'" + text + "' is not a size, such as 50GB or 512MB");
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : Math.max(0, "bkmgt".indexOf(unit.charAt(0)));
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power)));
        } catch (ArithmeticException e) {
            throw new InvalidSettingsException("'" + text + "' is too large a size");
        }
    }

    /** {@code 12 MB}, as {@code pg_size_pretty} writes it, with a decimal below ten. */
    public static String text(long bytes) {
        double value = Math.max(0, bytes);
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        boolean decimal = unit > 0 && value < 9.95;
        return String.format(Locale.ROOT, decimal ? "%.1f %s" : "%.0f %s", value, UNITS.get(unit));
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return text(bytes);
    }
}
