package dev.connectionregistry.internal.pool;

import static dev.connectionregistry.internal.pool.GenerationState.ACTIVE;
import static dev.connectionregistry.internal.pool.GenerationState.CLOSED;
import static dev.connectionregistry.internal.pool.GenerationState.DRAINING;
import static dev.connectionregistry.internal.pool.GenerationState.FAILED;
import static dev.connectionregistry.internal.pool.GenerationState.OPENING;
import static dev.connectionregistry.internal.pool.GenerationState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All 36 pairs. */
class GenerationStateTest {
    private static final Map<GenerationState, Set<GenerationState>> ALLOWED = Map.of(
            OPENING, Set.of(READY, FAILED, CLOSED),
            READY, Set.of(ACTIVE, CLOSED),
            ACTIVE, Set.of(DRAINING),
            DRAINING, Set.of(CLOSED),
            CLOSED, Set.of(),
            FAILED, Set.of());

    @Test
    void goesOnlyForward() {
        for (GenerationState from : GenerationState.values()) {
            for (GenerationState to : GenerationState.values()) {
                assertThat(from.canBecome(to))
                        .as("%s -> %s", from, to)
                        .isEqualTo(ALLOWED.getOrDefault(from, Set.of()).contains(to));
            }
        }
    }
}
