package dev.connectionregistry.samples.springorders;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places, finds and counts orders, each in a transaction. */
@Service
public class OrderBook {
    private final OrderRepository orders;
    private final JdbcClient jdbc;

    OrderBook(OrderRepository orders, JdbcClient jdbc) {
        this.orders = orders;
        this.jdbc = jdbc;
    }

    @Transactional
    PlacedOrder place(String item, int quantity) {
        return orders.saveAndFlush(new PlacedOrder(item, quantity));
    }

    @Transactional(readOnly = true)
    Optional<PlacedOrder> find(UUID id) {
        return orders.findById(id);
    }

    /** Writes how many orders there are; JPA and JDBC share the transaction. */
    @Scheduled(fixedDelayString = "1s")
    @Transactional
    void count() {
        jdbc.sql("UPDATE order_totals SET orders = ?, counted = counted + 1 WHERE id = 1")
                .param(orders.count())
                .update();
    }
}
