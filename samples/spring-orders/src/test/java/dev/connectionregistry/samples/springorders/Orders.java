package dev.connectionregistry.samples.springorders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Customers who place orders, and a probe that asks for health, until stopped; remembers every answer. Must be closed. */
final class Orders implements AutoCloseable {
    private static final int CUSTOMERS = 4;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(CUSTOMERS + 1);
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> states = new ConcurrentLinkedQueue<>();
    private final String base;
    private volatile boolean stopping;

    Orders(int port) {
        base = "http://127.0.0.1:" + port;
        for (int i = 0; i < CUSTOMERS; i++) {
            threads.execute(() -> repeat(this::place));
        }
        threads.execute(() -> repeat(this::probe));
    }

    private interface Request {
        void send() throws IOException, InterruptedException;
    }

    private void repeat(Request request) {
        while (!stopping) {
            try {
                request.send();
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void place() throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                request("/orders")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"item\": \"tea\", \"quantity\": 1}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Matcher id = ID.matcher(answer.body());
        take(answer, 201, body -> acknowledged.add(id.find() ? id.group(1) : body));
    }

    private void probe() throws IOException, InterruptedException {
        take(get("/actuator/health/readiness"), 200, states::add);
        take(get("/actuator/health"), 200, states::add);
    }

    private void take(HttpResponse<String> answer, int expected, Consumer<String> body) {
        if (answer.statusCode() == expected) {
            body.accept(answer.body());
        } else {
            failures.add(answer.statusCode() + ": " + answer.body());
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    }

    /** How many orders were acknowledged so far. */
    int placed() {
        return acknowledged.size();
    }

    /** The ids of all orders that were acknowledged. */
    Queue<String> acknowledged() {
        return acknowledged;
    }

    /** Every answer that was not the expected one. */
    Queue<String> failures() {
        return failures;
    }

    /** Whether any answer about health showed this state. */
    boolean sawState(String state) {
        return states.stream().anyMatch(body -> body.contains("\"state\":\"" + state + "\""));
    }

    /** No further request is begun; waits for those under way. */
    void stop() throws InterruptedException {
        stopping = true;
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("requests did not come to an end");
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
