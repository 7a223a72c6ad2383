package dev.connectionregistry.samples.fleet.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.DemoException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code preflight --server --output json} says. Immutable.
 *
 * @param failed the checks that failed
 */
public record PreflightReport(List<Check> failed) {
    /**
     * A check that failed.
     *
     * @param database in which it failed
     * @param name such as {@code replica-identity}
     * @param statements to paste on the source
     */
    public record Check(String database, String name, List<String> statements) {
        /** Copies the list. */
        public Check {
            statements = List.copyOf(statements);
        }
    }

    /** Copies the list. */
    public PreflightReport {
        failed = List.copyOf(failed);
    }

    /**
     * Reads the document.
     *
     * @throws DemoException if it is of another form
     */
    public static PreflightReport of(String json) {
        try {
            List<Check> failed = new ArrayList<>();
            JsonNode databases = new ObjectMapper().readTree(json);
            for (JsonNode each : databases) {
                addFailed(each, failed);
            }
            if (databases.findValues("checks").isEmpty()) {
                throw new DemoException("`preflight` names no checks; it printed: " + json);
            }
            return new PreflightReport(failed);
        } catch (JsonProcessingException e) {
            throw new DemoException("`preflight` printed something else than its report", e);
        }
    }

    private static void addFailed(JsonNode database, List<Check> failed) {
        for (JsonNode check : database.path("checks")) {
            if (check.path("outcome").asText().equals("fail")) {
                failed.add(new Check(
                        database.path("database").asText(),
                        check.path("name").asText(),
                        statements(check.path("remedies"))));
            }
        }
    }

    private static List<String> statements(JsonNode remedies) {
        List<String> statements = new ArrayList<>();
        for (JsonNode remedy : remedies) {
            if (remedy.path("where").asText().equals("source")) {
                statements.add(remedy.path("text").asText());
            }
        }
        return statements;
    }
}
