package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is dropped, in this order, and what stays on a server that can't be reached.
 *
 * @param items what is dropped
 * @param remains statements for somebody to execute on a server that is gone, once it is back, with a comment first
 */
public record StopPlan(List<Item> items, List<String> remains) {
    /** The kinds of things, in the order in which they are dropped. */
    public enum Kind {
        SLOT("slot"),
        /** A subscription, which knows its slot, and so is dropped after it. */
        SUBSCRIPTION("subscription"),
        PUBLICATION("publication");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * A thing that is dropped.
     *
     * @param side the server it is on
     * @param endpoint that server's endpoint
     * @param kind what it is
     * @param name its name
     * @param inUse whether changes go through it now
     */
    public record Item(Side side, Endpoint endpoint, Kind kind, String name, boolean inUse) {}

    public StopPlan {
        items = List.copyOf(items);
        remains = List.copyOf(remains);
    }

    /** Whether to ask the operator first: changes go through some of it now, or the way back needs it. */
    public boolean costs() {
        return flows() || items.stream().anyMatch(this::isWayBack);
    }

    /** What would be lost, in words; empty if nothing would. */
    public String cost() {
        Stream<String> flow = flows() ? Stream.of("changes flow over " + flowing()) : Stream.empty();
        return Stream.concat(flow, items.stream().filter(this::isWayBack).map(StopPlan::lost))
                .collect(Collectors.joining(", and "));
    }

    private static String lost(Item slot) {
        return "slot " + slot.name() + " on " + slot.endpoint()
                + " is the way back: without it going back would lose what was written since the cutover";
    }

    /**
     * Whether {@code item} is the slot of a cutover that {@code reverse} hasn't taken up: unused, on the server that
     * has the subscription that led to it, while the other server has none.
     */
    public boolean isWayBack(Item item) {
        return item.kind() == Kind.SLOT
                && !item.inUse()
                && subscribes(item.side())
                && !subscribes(item.side().opposite());
    }

    private boolean subscribes(Side side) {
        return items.stream().anyMatch(each -> each.kind() == Kind.SUBSCRIPTION && each.side() == side);
    }

    private boolean flows() {
        return items.stream().anyMatch(each -> each.inUse() && each.kind() != Kind.PUBLICATION);
    }

    private String flowing() {
        return items.stream()
                .filter(each -> each.inUse() && each.kind() != Kind.PUBLICATION)
                .map(each -> each.kind() + " " + each.name())
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
