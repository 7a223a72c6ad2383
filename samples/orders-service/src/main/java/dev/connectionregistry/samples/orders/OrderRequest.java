package dev.connectionregistry.samples.orders;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends.
 *
 * @param item what to order
 * @param quantity how many
 */
record OrderRequest(@Nullable String item, @Nullable Integer quantity) {

    /**
     * The order that is asked for.
     *
     * @throws IllegalArgumentException if nothing sensible is asked for
     */
    Order toOrder() {
        if (item == null || item.isBlank() || item.length() > 200) {
            throw new IllegalArgumentException("item must have 1 to 200 characters");
        }
        if (quantity == null || quantity < 1 || quantity > 1_000_000) {
            throw new IllegalArgumentException("quantity must be 1 to 1000000");
        }
        return new Order(UUID.randomUUID(), item, quantity, Instant.now().truncatedTo(ChronoUnit.MICROS));
    }
}
