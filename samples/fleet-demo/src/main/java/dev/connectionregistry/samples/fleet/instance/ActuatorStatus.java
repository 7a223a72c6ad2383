package dev.connectionregistry.samples.fleet.instance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.settings.Endpoint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows what {@code /actuator/connectionregistry/NAME} says. The endpoint remembers its last 50 changes, so none is missed between
 * two looks. For one thread.
 */
final class ActuatorStatus {
    private static final ObjectMapper JSON = new ObjectMapper();

    private boolean asked;

    /** The changes in the last answer. */
    private List<JsonNode> known = List.of();

    /**
     * The status of the first answer, at its own time; then only the changes since the answer before, in order.
     *
     * @param answer the endpoint's JSON
     * @throws IllegalArgumentException if it is none
     */
    List<Status> news(String answer) {
        JsonNode document = read(answer);
        List<JsonNode> transitions = new ArrayList<>();
        document.path("transitions").forEach(transitions::add);
        List<Status> news = new ArrayList<>();
        if (!asked) {
            news.add(status(document, "since", "state"));
        } else {
            int from = known.isEmpty() ? 0 : transitions.lastIndexOf(known.get(known.size() - 1)) + 1;
            transitions.subList(from, transitions.size()).forEach(each -> news.add(status(each, "at", "to")));
        }
        asked = true;
        known = List.copyOf(transitions);
        return news;
    }

    private static JsonNode read(String answer) {
        try {
            JsonNode document = JSON.readTree(answer);
            if (document.path("state").isTextual()
                    && document.path("transitions").isArray()) {
                return document;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the actuator's answer can't be read: " + answer, e);
        }
        throw new IllegalArgumentException("the actuator's answer has no state or no transitions: " + answer);
    }

    private static Status status(JsonNode document, String time, String state) {
        return new Status(
                ChronoUnit.MICROS.between(
                        Instant.EPOCH, Instant.parse(document.path(time).asText())),
                document.path("version").asLong(),
                document.has("endpoint")
                        ? Endpoint.parse(document.path("endpoint").asText()).port()
                        : 0,
                document.path(state).asText());
    }
}
