package dev.connectionregistry.samples.springorders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code orders}. */
@Entity
@Table(name = "orders")
public class PlacedOrder {
    @Id
    private UUID id;

    private String item;
    private int quantity;
    private Instant placedAt;

    /** For JPA, which then sets the fields. */
    @SuppressWarnings("NullAway.Init")
    protected PlacedOrder() {}

    PlacedOrder(String item, int quantity) {
        this.id = UUID.randomUUID();
        this.item = item;
        this.quantity = quantity;
        this.placedAt = Instant.now();
    }

    public UUID getId() {
        return id;
    }

    public String getItem() {
        return item;
    }

    public int getQuantity() {
        return quantity;
    }

    public Instant getPlacedAt() {
        return placedAt;
    }
}
