package dev.connectionregistry.samples.fleet.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.DemoException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code preflight --output json} says. Immutable.
 *
 * @param failed the checks that failed
 */
public record PreflightReport(List<Check> failed) {
    /**
     * A check that failed.
     *
     * @param name such as {@code replica-identity}
     * @param statements to paste on the source
     */
    public record Check(String name, List<String> statements) {
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
            JsonNode checks = new ObjectMapper().readTree(json).path("checks");
            if (checks.isEmpty()) {
                throw new DemoException("`preflight` names no checks; it printed: " + json);
            }
            List<Check> failed = new ArrayList<>();
            for (JsonNode check : checks) {
                if (check.path("outcome").asText().equals("fail")) {
                    failed.add(new Check(check.path("name").asText(), statements(check.path("remedies"))));
                }
            }
            return new PreflightReport(failed);
        } catch (JsonProcessingException e) {
            throw new DemoException("`preflight` printed something else than its report", e);
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
