package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which session: numbers are used again, starts aren't. Role and application are no part of it: both can be changed. */
record BackendId(int pid, long startMicros) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    /** As {@link #toString} writes it. */
    static BackendId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new InvalidSettingsException(
                    "a session is no PID:START, but '" + text.substring(0, Math.min(40, text.length())) + "'");
        }
        return new BackendId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public String toString() {
        return pid + ":" + startMicros;
    }
}
