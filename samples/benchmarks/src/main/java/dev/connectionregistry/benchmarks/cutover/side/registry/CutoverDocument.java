package dev.connectionregistry.benchmarks.cutover.side.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@code registry-admin cutover --output json} prints: the only place that knows the attributes' names. */
final class CutoverDocument {
    private static final String SWITCHED = "SWITCHED";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CutoverDocument() {}

    /**
     * Takes the times from the document.
     *
     * @throws BenchmarkException if it isn't such a document, or tells of another outcome than a switch
     */
    static CutoverTimes parse(String text) {
        JsonNode document = read(text);
        String outcome = document.path("outcome").asText("(none)");
        if (!outcome.equals(SWITCHED)) {
            throw new BenchmarkException("the cutover's outcome is " + outcome + ", not " + SWITCHED);
        }
        List<CutoverTimes.Step> steps = new ArrayList<>();
        for (JsonNode step : document.path("steps")) {
            steps.add(new CutoverTimes.Step(
                    step.path("act").asText("?"), number(step, "startedMillis"), number(step, "tookMillis")));
        }
        return new CutoverTimes(number(document, "holdMillis"), steps);
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("what the cutover printed is not JSON: look at line "
                    + e.getLocation().getLineNr() + " of\n" + text);
        }
    }

    private static double number(JsonNode node, String name) {
        if (!node.path(name).isNumber()) {
            throw new BenchmarkException("there is no number '" + name + "' in " + node);
        }
        return node.path(name).asDouble();
    }
}
