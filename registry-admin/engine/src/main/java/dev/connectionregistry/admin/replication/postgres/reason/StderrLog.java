package dev.connectionregistry.admin.replication.postgres.reason;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the format {@code stderr}, whose lines begin with {@code log_line_prefix}. Pure. */
final class StderrLog {
    private static final String LEVEL =
            "(?<level>DEBUG\\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): {1,2}";
    private static final Pattern ESCAPE = Pattern.compile("%(-?\\d*)([a-zA-Z%])");

    private final Pattern line;

    /** Reads lines that begin with {@code prefix}, a value of {@code log_line_prefix}. */
    StderrLog(String prefix) {
        this.line = Pattern.compile(expression(prefix) + LEVEL + "(?<text>.*)");
    }

    /** An escape matches any text; the time, the process and the application are kept. */
    private static String expression(String prefix) {
        StringBuilder text = new StringBuilder();
        Map<String, Boolean> named = new LinkedHashMap<>();
        Matcher escape = ESCAPE.matcher(prefix);
        int end = 0;
        while (escape.find()) {
            text.append(Pattern.quote(prefix.substring(end, escape.start())));
            text.append(group(escape.group(2), named));
            end = escape.end();
        }
        String rest = text + Pattern.quote(prefix.substring(end));
        return named.containsKey("q") ? rest + ")?" : rest;
    }

    private static String group(String letter, Map<String, Boolean> named) {
        boolean first = named.put(letter, true) == null;
        return switch (letter) {
            case "p" -> first ? " *(?<pid>\\d+) *" : " *\\d+ *";
            case "a" -> first ? "(?<application>.*?)" : ".*?";
            case "m", "t" -> named.put("time", true) == null ? "(?<time>\\d{4}-\\d\\d-\\d\\d \\S+ \\S+)" : ".*?";
            case "e" -> first ? "(?<state>[0-9A-Z]{5})" : ".*?";
            case "q" -> "(?:";
            case "%" -> "%";
            default -> ".*?";
        };
    }

    /** All entries that begin in {@code text}; a line without a prefix belongs to the entry before it. */
    List<LogEntry> parse(String text) {
        List<LogEntry> entries = new ArrayList<>();
        text.lines().map(line::matcher).filter(Matcher::matches).forEach(each -> add(entries, each));
        return entries;
    }

    private static void add(List<LogEntry> entries, Matcher found) {
        String level = found.group("level");
        String text = found.group("text");
        switch (level) {
            case "CONTEXT" -> continueLast(entries, found, text, "");
            case "STATEMENT" -> continueLast(entries, found, "", text);
            case "DETAIL", "HINT", "QUERY", "LOCATION" -> {} // row data, or nothing that helps here
            default ->
                entries.add(new LogEntry(
                        group(found, "time"),
                        group(found, "pid"),
                        group(found, "application"),
                        level,
                        group(found, "state"),
                        text,
                        "",
                        ""));
        }
    }

    private static void continueLast(List<LogEntry> entries, Matcher found, String context, String statement) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).pid().equals(group(found, "pid"))) {
                entries.set(i, entries.get(i).with(context, statement));
                return;
            }
        }
    }

    private static String group(Matcher found, String name) {
        if (!found.pattern().pattern().contains("(?<" + name + ">")) {
            return "";
        }
        String text = found.group(name);
        return text == null ? "" : text.strip();
    }
}
