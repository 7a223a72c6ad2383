package dev.connectionregistry.samples.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.connectionregistry.RegistryDataSource;
import io.javalin.Javalin;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: orders, and the health of the data source. Thread-safe. */
final class OrdersApi {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersApi.class);
    private static final int LATEST = 100;

    private final OrderStore store;
    private final RegistryDataSource dataSource;
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Inject
    OrdersApi(OrderStore store, RegistryDataSource dataSource) {
        this.store = store;
        this.dataSource = dataSource;
    }

    Javalin listen(String host, int port) {
        return Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.post("/orders", this::place);
                    config.routes.get("/orders/{id}", this::one);
                    config.routes.get("/orders", this::latest);
                    config.routes.get("/health", this::health);
                    config.routes.exception(SQLException.class, this::databaseFailed);
                })
                .start(host, port);
    }

    private void place(Context context) throws SQLException {
        Order order = requested(context.body());
        store.add(order);
        context.header("Location", "/orders/" + order.id());
        answer(context, HttpStatus.CREATED, order);
    }

    private Order requested(String body) {
        try {
            OrderRequest request = json.readValue(body, OrderRequest.class);
            if (request != null) { // null is JSON, too
                return request.toOrder();
            }
        } catch (JsonProcessingException e) {
            LOG.debug("not an order", e);
        } catch (IllegalArgumentException e) {
            throw new BadRequestResponse(String.valueOf(e.getMessage()));
        }
        throw new BadRequestResponse("the body is not {\"item\": text, \"quantity\": number}");
    }

    private void one(Context context) throws SQLException {
        UUID id;
        try {
            id = UUID.fromString(context.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw new NotFoundResponse("no order has such an id");
        }
        answer(context, HttpStatus.OK, store.find(id).orElseThrow(() -> new NotFoundResponse("no order " + id)));
    }

    private void latest(Context context) throws SQLException {
        answer(context, HttpStatus.OK, store.latest(LATEST));
    }

    private void health(Context context) {
        Health health = Health.of(dataSource.status());
        answer(context, health.serving() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, health);
    }

    private void answer(Context context, HttpStatus status, Object body) {
        try {
            context.status(status).contentType("application/json").result(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + body.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** A database that can't be reached now is worth another try of the client (503); anything else is a fault (500). */
    private void databaseFailed(SQLException failure, Context context) {
        String state = String.valueOf(failure.getSQLState());
        boolean passing = failure instanceof SQLTransientException || state.startsWith("08") || state.startsWith("57P");
        LOG.warn("{} {} failed: SQLState {}", context.method(), context.path(), state, failure);
        if (passing) {
            context.header("Retry-After", "1");
        }
        answer(
                context,
                passing ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.INTERNAL_SERVER_ERROR,
                Map.of("title", passing ? "the database cannot be reached now" : "the database refused"));
    }
}
