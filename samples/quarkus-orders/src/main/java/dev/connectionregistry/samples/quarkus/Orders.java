package dev.connectionregistry.samples.quarkus;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

/** Writes and counts orders. Thread-safe. */
@ApplicationScoped
public class Orders {
    private final EntityManager entities;

    Orders(EntityManager entities) {
        this.entities = entities;
    }

    /** Writes one. */
    @Transactional
    public void place(String item) {
        PlacedOrder order = new PlacedOrder();
        order.item = item;
        entities.persist(order);
    }

    /** How many there are. */
    @Transactional
    public long count() {
        return entities.createQuery("SELECT count(o) FROM PlacedOrder o", Long.class)
                .getSingleResult();
    }
}
