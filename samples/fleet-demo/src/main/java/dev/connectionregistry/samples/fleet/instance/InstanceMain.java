package dev.connectionregistry.samples.fleet.instance;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One instance of a service. Events go to standard output. The line {@code stop} on standard input ends it in an orderly
 * way; the end of that input means that the demo is gone, and ends it at once.
 */
public final class InstanceMain {
    /** Environment: the service's threads. */
    public static final String THREADS = "DEMO_THREADS";

    /** Environment: pieces of work per second, all threads together. */
    public static final String RATE = "DEMO_RATE";

    /** Environment: {@code MUST_FIND} if a worker's own acknowledged row must be found by its next read; else {@code MAY_MISS}. */
    public static final String READS = "DEMO_READS";

    /** Environment: which {@link TableWork.Round} of work. */
    public static final String ROUND = "DEMO_ROUND";

    /** The word that ends an instance. */
    public static final String STOP = "stop";

    /** Exit code of an instance whose demo is gone. */
    static final int ABANDONED = 3;

    /** Many processes that start at once on a small machine are slow; the demo's own patience is the bound. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private InstanceMain() {}

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws Exception {
        AnchoredClock clock = new AnchoredClock();
        EventWriter events = new EventWriter(new PrintStream(System.out, false, StandardCharsets.UTF_8));
        run(System.getenv(), clock, events);
        events.finish();
    }

    private static void run(Map<String, String> environment, AnchoredClock clock, EventWriter events)
            throws InterruptedException {
        try (DynamoDbSettingsRegistry registry =
                        DynamoDbSettingsRegistry.open(TableLocation.fromEnvironment(environment));
                RegistryDataSource dataSource = RegistryDataSource.builder()
                        .registry(registry)
                        .database(value(environment, "REGISTRY_DATABASE"))
                        .service(value(environment, "REGISTRY_SERVICE"))
                        .instance(value(environment, "REGISTRY_INSTANCE"))
                        .startTimeout(START_TIMEOUT)
                        .listener((previous, current) -> events.add(status(clock, current)))
                        .build()) {
            events.add(status(clock, dataSource.status()));
            int count = threads(environment);
            long pauseNanos = pauseNanos(environment);
            TableWork.Habits habits = new TableWork.Habits(
                    TableWork.Reads.valueOf(value(environment, READS)),
                    TableWork.Round.valueOf(value(environment, ROUND)));
            List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                workers.add(Worker.start(i, pauseNanos, new TableWork(dataSource, habits, clock), events));
            }
            awaitStop();
            workers.forEach(Worker::stop);
            for (Worker worker : workers) {
                worker.join();
            }
        }
    }

    private static InstanceEvent status(AnchoredClock clock, DataSourceStatus status) {
        int port = status.endpoint().map(Endpoint::port).orElse(0);
        return new InstanceEvent.Status(
                clock.micros(), status.version(), port, status.state().name());
    }

    static int threads(Map<String, String> environment) {
        return Integer.parseInt(value(environment, THREADS));
    }

    /** How long each thread rests between two pieces of work, on average. */
    static long pauseNanos(Map<String, String> environment) {
        return 1_000_000_000L * threads(environment) / Integer.parseInt(value(environment, RATE));
    }

    /** Returns when the demo says so; ends this process if the demo is gone. */
    static void awaitStop() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals(STOP)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // as the end of input
        }
        Runtime.getRuntime().halt(ABANDONED);
    }

    static String value(Map<String, String> environment, String name) {
        return Objects.requireNonNull(environment.get(name), () -> "environment variable " + name + " is not set");
    }
}
