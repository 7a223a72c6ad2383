package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start is given before it counts as hanging; how it goes in a hold is in {@link TransitionDecisionsTest}. */
class StartBoundTest {
    private static final Duration OPENING_TAKES = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(longs = {100, 5_000, 60_000})
    void aStartThatFallsIntoAHoldIsNotGivenUpBeforeTheHoldAndAnOpeningAfterItAreOver(long budgetMillis) {
        Transition hold = new Transition(
                "c-1",
                Transition.Phase.HOLD,
                ConnectionSettings.of(Endpoint.parse("db2:5432/orders"), "app", SecretRef.parse("env:PW")),
                Duration.ofMillis(budgetMillis));
        Duration read = Duration.ofSeconds(5);
        assertThat(Assembly.startBound(read))
                .isGreaterThan(read.plus(hold.longestHold()).plus(OPENING_TAKES));
    }

    @Test
    void theLongestHoldIsTheOneOfTheLongestBudget() {
        Transition longest = new Transition(
                "c-1",
                Transition.Phase.HOLD,
                ConnectionSettings.of(Endpoint.parse("db2:5432/orders"), "app", SecretRef.parse("env:PW")),
                Transition.LONGEST_BUDGET);
        assertThat(longest.longestHold()).isEqualTo(Transition.LONGEST_HOLD);
    }
}
