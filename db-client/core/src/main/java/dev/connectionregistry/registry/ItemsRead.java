package dev.connectionregistry.registry;

import java.util.List;

/**
 * The result of reading several items: those that this release can read, and those that it can't, so that one bad item
 * never hides the others and is never skipped silently.
 *
 * @param items in the order that the read promises
 * @param unreadable the others
 */
public record ItemsRead<T>(List<T> items, List<Unreadable> unreadable) {
    public ItemsRead {
        items = List.copyOf(items);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * An item that can't be read.
     *
     * @param key where it is, for people; text from outside
     * @param key where the item is, for people; text from outside
     */
    public record Unreadable(String key, String reason) {}
}
