package dev.connectionregistry.samples.fleet.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.DemoException;

/**
 * What {@code replication verify --server --output json} says of all databases. Immutable.
 *
 * @param equal tables that are equal
 * @param others tables that differ, or couldn't be compared
 */
public record VerifyReport(int equal, int others) {
    /**
     * Reads the document.
     *
     * @throws DemoException if it is of another form
     */
    public static VerifyReport of(String json) {
        try {
            int equal = 0;
            int others = 0;
            for (JsonNode report : new ObjectMapper().readTree(json)) {
                if (!report.has("equal")) {
                    throw new DemoException("`replication verify` counts no equal tables; it printed: " + json);
                }
                equal += report.path("equal").asInt();
                others += report.path("different").asInt()
                        + report.path("notCompared").asInt();
            }
            return new VerifyReport(equal, others);
        } catch (JsonProcessingException e) {
            throw new DemoException("`replication verify` printed something else than its report", e);
        }
    }

    /** Whether there are tables, and all are equal. */
    public boolean allEqual() {
        return equal > 0 && others == 0;
    }
}
