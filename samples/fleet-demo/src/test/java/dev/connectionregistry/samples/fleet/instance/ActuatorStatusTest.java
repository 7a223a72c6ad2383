package dev.connectionregistry.samples.fleet.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActuatorStatusTest {
    private static final String STARTED = transition(0, "ACTIVE", 1, "127.0.0.1:5432/orders");
    private static final String READY = transition(1, "READY", 2, "127.0.0.1:5432/orders");
    private static final String HELD = transition(2, "HELD", 3, "127.0.0.1:5432/orders");
    private static final String MOVED = transition(3, "ACTIVE", 4, "127.0.0.1:5433/orders");

    private final ActuatorStatus actuator = new ActuatorStatus();

    private static String transition(int second, String to, int version, String endpoint) {
        return "{\"at\":\"1970-01-01T00:00:0" + second + "Z\",\"from\":\"ACTIVE\",\"to\":\"" + to + "\",\"version\":"
                + version + ",\"endpoint\":\"" + endpoint + "\"}";
    }

    private static String answer(String... transitions) {
        return "{\"state\":\"ACTIVE\",\"version\":1,\"since\":\"1970-01-01T00:00:00.5Z\","
                + "\"endpoint\":\"127.0.0.1:5432/orders\",\"transitions\":[" + String.join(",", transitions) + "]}";
    }

    @Test
    void tellsTheStatusFirstAndThenEachChangeOnce() {
        assertThat(actuator.news(answer(STARTED))).containsExactly(new Status(500_000, 1, 5432, "ACTIVE"));
        assertThat(actuator.news(answer(STARTED))).isEmpty();
        assertThat(actuator.news(answer(STARTED, READY, HELD)))
                .containsExactly(new Status(1_000_000, 2, 5432, "READY"), new Status(2_000_000, 3, 5432, "HELD"));
        assertThat(actuator.news(answer(STARTED, READY, HELD, MOVED)))
                .containsExactly(new Status(3_000_000, 4, 5433, "ACTIVE"));
    }

    @Test
    void tellsAllThatIsRememberedIfTheLastOneIsNoLongerAmongThem() {
        actuator.news(answer(STARTED));
        assertThat(actuator.news(answer(HELD, MOVED))).hasSize(2);
    }

    @Test
    void knowsNoPortBeforeThereIsAnEndpoint() {
        String starting =
                "{\"state\":\"STARTING\",\"version\":0,\"since\":\"1970-01-01T00:00:00Z\",\"transitions\":[]}";
        assertThat(actuator.news(starting)).containsExactly(new Status(0, 0, 0, "STARTING"));
        assertThat(actuator.news(answer(STARTED))).containsExactly(new Status(0, 1, 5432, "ACTIVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"status\":404}", "{\"state\":\"ACTIVE\"}"})
    void refusesWhatIsNoAnswer(String text) {
        assertThatThrownBy(() -> actuator.news(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the actuator's answer");
    }
}
