package dev.connectionregistry.admin.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.setup.StopPlan;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import dev.connectionregistry.admin.replication.setup.StopPlan.Kind;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextTest {
    private static final Endpoint FRESH = new Endpoint("new", 5432, "orders");
    private static final Endpoint SOURCE = new Endpoint("old", 5432, "orders");

    private static Item fresh(Kind kind, boolean inUse) {
        return new Item(true, FRESH, kind, "registry_orders", inUse);
    }

    private static Item old(Kind kind, boolean inUse) {
        return new Item(false, SOURCE, kind, "registry_orders", inUse);
    }

    private static StopPlan plan(Item... items) {
        return new StopPlan(List.of(items), List.of());
    }

    @Test
    void saysWhichSlotIsTheWayBackAndAsksForItAlsoWhereNothingFlows() {
        StopPlan plan = plan(fresh(Kind.SUBSCRIPTION, false), fresh(Kind.SLOT, false), old(Kind.SLOT, false));
        assertThat(StopText.lines(plan, true, false))
                .containsExactly(
                        "would be dropped:",
                        "  subscription registry_orders on " + FRESH,
                        "  slot registry_orders on " + FRESH
                                + " (the way back: going back would lose what was written since the cutover)",
                        "  slot registry_orders on " + SOURCE);
        assertThat(plan.costs()).isTrue();
        assertThat(plan.cost())
                .isEqualTo("slot registry_orders on " + FRESH
                        + " is the way back: without it going back would lose what was written since the cutover");
    }

    @Test
    void namesWhatFlowsAndTheWayBackInOneQuestion() {
        StopPlan plan = plan(fresh(Kind.SUBSCRIPTION, true), fresh(Kind.SLOT, false), old(Kind.SLOT, true));
        assertThat(plan.cost())
                .startsWith("changes flow over subscription registry_orders, slot registry_orders, and slot")
                .contains("is the way back");
    }

    @Test
    void takesNoSlotForTheWayBackThatASubscriptionReads() {
        StopPlan plan = plan(fresh(Kind.SLOT, false), old(Kind.SUBSCRIPTION, false));
        assertThat(plan.costs()).isFalse();
        assertThat(StopText.lines(plan, true, false)).noneMatch(each -> each.contains("way back"));
    }

    @Test
    void doesNotListAgainWhatWasToldWhenItWasDropped() {
        assertThat(StopText.lines(plan(fresh(Kind.SLOT, false)), false, false))
                .containsExactly("nothing of this replication is left");
        assertThat(StopText.lines(new StopPlan(List.of(fresh(Kind.SLOT, false)), List.of("-- later")), false, false))
                .containsExactly("nothing of this replication is left where it can be reached", "-- later");
    }
}
