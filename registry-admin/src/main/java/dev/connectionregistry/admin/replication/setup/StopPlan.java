package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is dropped, in this order, and what stays on a server that can't be reached.
 *
 * @param items what is dropped
 * @param remains statements for somebody to give on a server that is gone, once it is back, with a comment first
 */
public record StopPlan(List<Item> items, List<String> remains) {
    /** What a thing is; they are dropped in this order. */
    public enum Kind {
        /** A slot. */
        SLOT("slot"),
        /** A subscription, which knows its slot, and so is dropped after it. */
        SUBSCRIPTION("subscription"),
        /** A publication. */
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
     * A thing.
     *
     * @param source whether it is on the source
     * @param endpoint where it is
     * @param kind what it is
     * @param name its name
     * @param inUse whether changes go through it now
     */
    public record Item(boolean source, Endpoint endpoint, Kind kind, String name, boolean inUse) {}

    /** Copies the lists. */
    public StopPlan {
        items = List.copyOf(items);
        remains = List.copyOf(remains);
    }

    /** Whether changes go through any of it now. */
    public boolean flows() {
        return items.stream().anyMatch(each -> each.inUse() && each.kind() != Kind.PUBLICATION);
    }

    /** What they go through, in words. */
    public String flowing() {
        return items.stream()
                .filter(each -> each.inUse() && each.kind() != Kind.PUBLICATION)
                .map(each -> each.kind() + " " + each.name())
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
