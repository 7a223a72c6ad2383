package dev.connectionregistry.samples.springorders;

import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/orders")
class OrdersController {
    private final OrderBook book;

    OrdersController(OrderBook book) {
        this.book = book;
    }

    record OrderRequest(String item, int quantity) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    PlacedOrder place(@RequestBody OrderRequest request) {
        return book.place(request.item(), request.quantity());
    }

    @GetMapping("/{id}")
    ResponseEntity<PlacedOrder> find(@PathVariable UUID id) {
        return ResponseEntity.of(book.find(id));
    }
}
