package dev.connectionregistry.admin.history.check;

/**
 * A row that an INSERT left.
 *
 * @param writer who inserted it
 * @param number its number within the writer's operations
 * @param sequence what the server's sequence gave it
 * @param port the server that took it, wherever it is found
 */
public record Entry(String writer, long number, long sequence, int port) {
    /** {@code checkout-1.3#42}. */
    public String id() {
        return writer + "#" + number;
    }
}
