package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.internal.HoldPractice.Practised;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.DatabaseName;
import org.junit.jupiter.api.Test;

class HoldPracticeTest extends CutoverScript {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private HoldPractice practice() {
        return new HoldPractice(ORDERS, state, now);
    }

    @Test
    void aHoldIsPractisedFromItsAnnouncementToBothOfItsEnds() {
        reads(2, SOURCE, PREPARE);
        happens(new Event.GenerationOpened(STANDBY));
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.READY);
        Practised outcome = practice().practise().orElseThrow();
        assertThat(outcome.held().instanceState()).isEqualTo(InstanceState.HELD);
        assertThat(outcome.held().acknowledged()).isEqualTo(3);
        assertThat(outcome.switched().instanceState()).isEqualTo(InstanceState.ACTIVE);
        assertThat(outcome.switched().serving()).isNotNull().satisfies(serving -> assertThat(serving.generation())
                .isEqualTo(STANDBY));
        assertThat(outcome.undone().instanceState()).isEqualTo(InstanceState.ACTIVE);
        assertThat(outcome.undone().serving()).isNotNull().satisfies(serving -> assertThat(serving.generation())
                .isEqualTo(FIRST));
        isIn(InstanceState.READY);
    }

    @Test
    void withoutACutoverThereIsNothingToPractise() {
        assertThat(practice().practise()).isEmpty();
    }
}
