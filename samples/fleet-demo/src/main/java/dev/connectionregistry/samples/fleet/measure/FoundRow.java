package dev.connectionregistry.samples.fleet.measure;

import java.util.UUID;

/**
 * A row that is on the target in the end.
 *
 * @param table where it is
 * @param order the order's id
 * @param acceptedBy the port of the server that took it from a service
 */
public record FoundRow(Table table, UUID order, int acceptedBy) {
    /** The tables that the fleet writes. */
    public enum Table {
        /** One row for each order. */
        ORDERS,
        /** One row for each order that came in a transaction of several statements. */
        ORDER_LINES,
        /** One row for each order that was checked out. */
        EVENTS
    }
}
