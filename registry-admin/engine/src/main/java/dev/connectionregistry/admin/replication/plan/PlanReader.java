package dev.connectionregistry.admin.replication.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.connectionregistry.admin.common.SimilarNames;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a plan file strictly: what it doesn't know is an error with its line. */
public final class PlanReader {
    private static final int MOST_SLICES = 256;
    private static final List<String> TOP = List.of("database", "source", "target", "tables");
    private static final List<String> ATTRIBUTES = List.of(
            "schema", "table", "method", "slices", "reason", "size", "tuples", "writes", "identity", "problem", "note");

    private final JsonParser parser;
    private final List<String> problems = new ArrayList<>();

    private PlanReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads the text of a file.
     *
     * @throws InvalidSettingsException with every problem and its line
     */
    public static PlanFile read(String text) {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            return new PlanReader(parser).file();
        } catch (JsonProcessingException e) {
            String first =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new InvalidSettingsException("line "
                    + (e.getLocation() == null
                            ? "?"
                            : String.valueOf(e.getLocation().getLineNr()))
                    + ": this is not YAML: " + first);
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to be read", e);
        }
    }

    private PlanFile file() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidSettingsException("line 1: a plan begins with database: ...");
        }
        String database = "";
        List<PlanChoice> choices = new ArrayList<>();
        boolean listed = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean known = known(name, TOP, "a plan");
            JsonToken value = parser.nextToken();
            if (name.equals("tables") && value == JsonToken.START_ARRAY) {
                listed = true;
                choices = tables();
            } else if (known && (name.equals("tables") || !value.isScalarValue())) {
                problem("'" + name + "' must be a " + (name.equals("tables") ? "list" : "text"));
                listed |= name.equals("tables");
                parser.skipChildren();
            } else if (name.equals("database")) {
                database = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        if (!listed) {
            problems.add("'tables' is missing: the list of the tables");
        }
        if (database.isEmpty()) {
            problems.add("'database' is missing: the name of the database in the registry");
        }
        twice(choices);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return new PlanFile(database, choices);
    }

    private List<PlanChoice> tables() throws IOException {
        List<PlanChoice> choices = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_OBJECT) {
                table(choices);
            } else {
                problem("a table is written as schema:, table: and method:");
                parser.skipChildren();
            }
            token = parser.nextToken();
        }
        return choices;
    }

    private void table(List<PlanChoice> choices) throws IOException {
        int line = line();
        Map<String, String> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            known(name, ATTRIBUTES, "a table");
            if (parser.nextToken().isScalarValue()) {
                if (values.put(name, parser.getText()) != null) {
                    problem("'" + name + "' occurs twice");
                }
            } else {
                problem("'" + name + "' must be text or a number");
                parser.skipChildren();
            }
        }
        int before = problems.size();
        for (String needed : List.of("schema", "table", "method")) {
            if (values.getOrDefault(needed, "").isEmpty()) {
                problems.add("line " + line + ": '" + needed + "' is missing");
            }
        }
        if (problems.size() == before) {
            choice(values, line, choices);
        }
    }

    private void choice(Map<String, String> values, int line, List<PlanChoice> choices) {
        TableName table = new TableName(values.getOrDefault("schema", ""), values.getOrDefault("table", ""));
        String word = values.getOrDefault("method", "");
        CopyMethod method = CopyMethod.of(word).orElse(null);
        if (method == null) {
            problems.add("line " + line + ": " + table + ": there is no method '" + word + "'"
                    + meant(word, CopyMethod.words(), "; write one of " + String.join(", ", CopyMethod.words())));
            return;
        }
        choices.add(new PlanChoice(table, method, slices(values, method, table, line), line));
    }

    private int slices(Map<String, String> values, CopyMethod method, TableName table, int line) {
        String text = values.get("slices");
        if (method != CopyMethod.SLICES) {
            return 0;
        }
        if (text == null
                || !text.matches("\\d{1,4}")
                || Integer.parseInt(text) < 2
                || Integer.parseInt(text) > MOST_SLICES) {
            problems.add("line " + line + ": " + table + ": 'slices' must say how many, from 2 to " + MOST_SLICES);
            return 0;
        }
        return Integer.parseInt(text);
    }

    private void twice(List<PlanChoice> choices) {
        Set<TableName> seen = new HashSet<>();
        for (PlanChoice each : choices) {
            if (!seen.add(each.table())) {
                problems.add("line " + each.line() + ": " + each.table() + " occurs twice");
            }
        }
    }

    private boolean known(String name, List<String> allowed, String of) {
        boolean known = allowed.contains(name);
        if (!known) {
            problem("'" + name + "' is not an attribute of " + of
                    + meant(name, allowed, "; it has " + String.join(", ", allowed)));
        }
        return known;
    }

    private static String meant(String name, List<String> known, String otherwise) {
        List<String> close = SimilarNames.to(name, known);
        return close.isEmpty() ? otherwise : "; did you mean " + String.join(" or ", close) + "?";
    }

    private void problem(String text) {
        problems.add("line " + line() + ": " + text);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
