package dev.connectionregistry.samples.orders;

import java.time.Instant;
import java.util.UUID;

/**
 * An order.
 *
 * @param id made by the service, not by a sequence of the database: it stays unique while two databases take orders
 * @param item what was ordered
 * @param quantity how many
 * @param placedAt when
 */
record Order(UUID id, String item, int quantity, Instant placedAt) {}
