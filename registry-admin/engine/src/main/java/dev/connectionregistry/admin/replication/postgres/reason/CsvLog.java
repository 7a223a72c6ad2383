package dev.connectionregistry.admin.replication.postgres.reason;

import java.util.ArrayList;
import java.util.List;

/** Reads the format {@code csvlog}. Pure. */
final class CsvLog {
    private static final int PID = 3;
    private static final int SEVERITY = 11;
    private static final int STATE = 12;
    private static final int MESSAGE = 13;
    private static final int CONTEXT = 18;
    private static final int STATEMENT = 19;
    private static final int APPLICATION = 22;

    private CsvLog() {}

    /** All entries; an entry that is cut off at either end is left out. */
    static List<LogEntry> parse(String text) {
        List<LogEntry> entries = new ArrayList<>();
        for (List<String> each : records(text)) {
            if (each.size() > APPLICATION && each.get(PID).matches("\\d+")) {
                entries.add(new LogEntry(
                        each.get(0),
                        each.get(PID),
                        each.get(APPLICATION),
                        each.get(SEVERITY),
                        each.get(STATE),
                        each.get(MESSAGE),
                        each.get(CONTEXT),
                        each.get(STATEMENT)));
            }
        }
        return entries;
    }

    private static List<List<String>> records(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') { // a doubled quote closes and opens again
                boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (doubled) {
                    field.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                fields.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    records.add(List.copyOf(fields));
                    fields.clear();
                }
            } else {
                field.append(c);
            }
        }
        return records;
    }
}
