package dev.connectionregistry.admin.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.setup.StopPlan;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import dev.connectionregistry.admin.replication.setup.StopPlan.Kind;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextTest {
    private static final Endpoint SOURCE = new Endpoint("new", 5432, "orders");
    private static final Endpoint TARGET = new Endpoint("old", 5432, "orders");

    private static Item onSource(Kind kind, boolean inUse) {
        return new Item(Side.SOURCE, SOURCE, kind, "registry_orders", inUse);
    }

    private static Item onTarget(Kind kind, boolean inUse) {
        return new Item(Side.TARGET, TARGET, kind, "registry_orders", inUse);
    }

    private static StopPlan plan(Item... items) {
        return new StopPlan(List.of(items), List.of());
    }

    @Test
    void saysWhichSlotIsTheWayBackAndAsksForItAlsoWhereNothingFlows() {
        StopPlan plan =
                plan(onSource(Kind.SUBSCRIPTION, false), onSource(Kind.SLOT, false), onTarget(Kind.SLOT, false));
        assertThat(StopText.lines(plan, true, false))
                .containsExactly(
                        "would be dropped:",
                        "  subscription registry_orders on " + SOURCE,
                        "  slot registry_orders on " + SOURCE
                                + " (the way back: going back would lose what was written since the cutover)",
                        "  slot registry_orders on " + TARGET);
        assertThat(plan.costs()).isTrue();
        assertThat(plan.cost())
                .isEqualTo("slot registry_orders on " + SOURCE
                        + " is the way back: without it going back would lose what was written since the cutover");
    }

    @Test
    void namesWhatFlowsAndTheWayBackInOneQuestion() {
        StopPlan plan = plan(onSource(Kind.SUBSCRIPTION, true), onSource(Kind.SLOT, false), onTarget(Kind.SLOT, true));
        assertThat(plan.cost())
                .startsWith("changes flow over subscription registry_orders, slot registry_orders, and slot")
                .contains("is the way back");
    }

    @Test
    void takesNoSlotForTheWayBackThatASubscriptionReads() {
        StopPlan plan = plan(onSource(Kind.SLOT, false), onTarget(Kind.SUBSCRIPTION, false));
        assertThat(plan.costs()).isFalse();
        assertThat(StopText.lines(plan, true, false)).noneMatch(each -> each.contains("way back"));
    }

    @Test
    void doesNotListAgainWhatWasToldWhenItWasDropped() {
        assertThat(StopText.lines(plan(onSource(Kind.SLOT, false)), false, false))
                .containsExactly("nothing of this replication remains");
        assertThat(StopText.lines(new StopPlan(List.of(onSource(Kind.SLOT, false)), List.of("-- later")), false, false))
                .containsExactly("nothing of this replication remains where it can be reached", "-- later");
    }
}
