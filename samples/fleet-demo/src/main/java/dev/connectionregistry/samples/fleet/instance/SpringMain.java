package dev.connectionregistry.samples.fleet.instance;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One instance of the packaged application of {@code samples/spring-orders}, and its customers: starts it as a process of its own,
 * places orders over HTTP, and tells what the answers were and what its actuator says. For the demo it is as {@link InstanceMain}.
 */
public final class SpringMain {
    /** Environment: the application's jar. */
    public static final String JAR = "DEMO_JAR";

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 100;
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final UUID NO_ORDER = new UUID(0, 0);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final AnchoredClock clock;
    private final EventWriter events;
    private final String base;
    private final String database;
    private volatile int databasePort;

    private SpringMain(AnchoredClock clock, EventWriter events, int port, String database) {
        this.clock = clock;
        this.events = events;
        this.base = "http://127.0.0.1:" + port;
        this.database = database;
    }

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws Exception {
        AnchoredClock clock = new AnchoredClock();
        EventWriter events = new EventWriter(new PrintStream(System.out, false, StandardCharsets.UTF_8));
        Map<String, String> environment = System.getenv();
        try (ApplicationProcess application = ApplicationProcess.start(
                Path.of(InstanceMain.value(environment, JAR)), InstanceMain.value(environment, "REGISTRY_INSTANCE"))) {
            new SpringMain(clock, events, application.port(), InstanceMain.value(environment, "REGISTRY_DATABASE"))
                    .run(InstanceMain.threads(environment), InstanceMain.pauseNanos(environment));
            application.stop();
        }
        events.finish();
    }

    private void run(int threads, long pauseNanos) throws InterruptedException {
        Thread looking = new Thread(this::look, "actuator");
        looking.start();
        List<Worker> customers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            customers.add(Worker.start(i, pauseNanos, round -> order(), events));
        }
        InstanceMain.awaitStop();
        customers.forEach(Worker::stop);
        for (Worker customer : customers) {
            customer.join();
        }
        looking.interrupt();
        looking.join();
    }

    private Done order() {
        UUID order = NO_ORDER;
        String failure = "";
        long start = System.nanoTime();
        try {
            HttpResponse<String> answer = send(request("/orders")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"item\": \"tea\", \"quantity\": 1}")));
            if (answer.statusCode() == CREATED) {
                order = UUID.fromString(JSON.readTree(answer.body()).path("id").asText());
            } else {
                failure = answer.statusCode() + ": " + answer.body();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e.toString();
        } catch (IOException | RuntimeException e) {
            failure = e.toString();
        }
        return done(start, order, failure);
    }

    private Done done(long start, UUID order, String failure) {
        long nanos = System.nanoTime() - start;
        return new Done(Work.REQUEST, clock.at(start), nanos / 1_000, databasePort, order, failure);
    }

    /** Tells what the actuator says; an answer that is none is a request that failed. */
    private void look() {
        ActuatorStatus actuator = new ActuatorStatus();
        try {
            while (true) {
                long start = System.nanoTime();
                try {
                    look(actuator);
                } catch (IOException | RuntimeException e) {
                    events.add(done(start, NO_ORDER, "actuator: " + e));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException stopped) {
            // nobody wants to know any more
        }
    }

    private void look(ActuatorStatus actuator) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/actuator/connectionregistry/" + database));
        if (answer.statusCode() != OK) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
        for (Status status : actuator.news(answer.body())) {
            databasePort = status.port();
            events.add(status);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_TIMEOUT);
    }
}
