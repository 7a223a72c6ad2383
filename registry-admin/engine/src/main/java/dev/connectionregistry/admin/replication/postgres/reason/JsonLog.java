package dev.connectionregistry.admin.replication.postgres.reason;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the format {@code jsonlog}, with one object per line. Pure. */
final class JsonLog {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLog() {}

    /** All entries; a line that is cut off is left out. */
    static List<LogEntry> parse(String text) {
        return text.lines().flatMap(JsonLog::entry).toList();
    }

    private static Stream<LogEntry> entry(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            while (parser.nextToken() != null) {
                JsonToken token = parser.currentToken();
                if (token.isScalarValue() && parser.currentName() != null) {
                    fields.put(parser.currentName(), parser.getText());
                }
            }
        } catch (IOException e) {
            return Stream.empty();
        }
        return Stream.of(new LogEntry(
                of(fields, "timestamp"),
                of(fields, "pid"),
                of(fields, "application_name"),
                of(fields, "error_severity"),
                of(fields, "state_code"),
                of(fields, "message"),
                of(fields, "context"),
                of(fields, "statement")));
    }

    private static String of(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "");
    }
}
