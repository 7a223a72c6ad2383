package dev.connectionregistry.benchmarks.cutover.side.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what {@code registry-admin cutover --output json} prints: the only place that knows the attributes' names. */
final class CutoverDocument {
    /**
     * The end of the step that writes the switch, to the millisecond: the next one begins later where the fleet has the processors.
     */
    static final String SWITCH_WRITTEN = "switch written";

    private static final String SWITCH = "switch";
    private static final String SWITCHED = "switched";
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
        if (!outcome.equalsIgnoreCase(SWITCHED)) {
            throw new BenchmarkException("the cutover's outcome is " + outcome + ", not " + SWITCHED);
        }
        List<CutoverTimes.Step> steps = new ArrayList<>();
        for (JsonNode step : document.path("steps")) {
            steps.add(new CutoverTimes.Step(
                    step.path(step.has("act") ? "act" : "step").asText("?"),
                    number(step, "offsetMillis", "startedMillis"),
                    number(step, "millis", "tookMillis")));
        }
        return new CutoverTimes(number(document, "holdMillis"), steps);
    }

    /** Why a cutover ended as it did; empty if there is no such document, or no reason in it. */
    static Optional<String> cause(String text) {
        try {
            JsonNode document = JSON.readTree(text);
            String cause = document == null ? "" : document.path("cause").asText();
            return Optional.of(cause).filter(words -> !words.isBlank());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** When each step began, by its name; and when the switch was written, by {@link #SWITCH_WRITTEN}. */
    static Map<String, Instant> beginnings(String text) {
        Map<String, Instant> beginnings = new HashMap<>();
        for (JsonNode step : read(text).path("steps")) {
            String at = step.path("startedAt").asText();
            if (!at.isEmpty()) {
                String name = step.path("step").asText("?");
                beginnings.put(name, Instant.parse(at));
                if (name.equals(SWITCH)) {
                    beginnings.put(
                            SWITCH_WRITTEN,
                            Instant.parse(at).plusMillis(step.path("millis").asLong()));
                }
            }
        }
        return beginnings;
    }

    /**
     * One of {@link #beginnings}.
     *
     * @throws BenchmarkException if it isn't there
     */
    static Instant beginning(Map<String, Instant> beginnings, String step) {
        Instant beginning = beginnings.get(step);
        if (beginning == null) {
            throw new BenchmarkException("the cutover's document doesn't say when '" + step + "' began");
        }
        return beginning;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("what the cutover printed is not JSON: look at line "
                    + e.getLocation().getLineNr() + " of\n" + text);
        }
    }

    /** The first of the names that is there. */
    private static double number(JsonNode node, String... names) {
        return Stream.of(names)
                .map(node::path)
                .filter(JsonNode::isNumber)
                .findFirst()
                .orElseThrow(() -> new BenchmarkException("there is no number '" + names[0] + "' in " + node))
                .asDouble();
    }
}
