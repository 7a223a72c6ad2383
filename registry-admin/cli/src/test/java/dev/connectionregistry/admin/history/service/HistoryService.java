package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.history.check.AnchoredClock;
import dev.connectionregistry.admin.history.check.HistoryLine;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One instance of a service, whose threads write without a pause and tell all they do on standard output. The line
 * {@code stop} on standard input ends it in an orderly way, {@code straggle 5} begins a transaction that lasts 5 s; the end of that input means that the test is gone, and ends it
 * at once.
 */
public final class HistoryService {
    /** Environment: the database's name in the registry. */
    public static final String DATABASE = "HISTORY_DATABASE";

    /** Environment: the service's name. */
    public static final String SERVICE = "HISTORY_SERVICE";

    /** Environment: the instance's name. */
    public static final String INSTANCE = "HISTORY_INSTANCE";

    /** Environment: how many threads write. */
    public static final String WRITERS = "HISTORY_WRITERS";

    /** Environment: how long each rests after an operation, on average, in milliseconds. */
    public static final String PAUSE_MILLIS = "HISTORY_PAUSE_MILLIS";

    /** Environment: how many accounts there are. */
    public static final String ACCOUNTS = "HISTORY_ACCOUNTS";

    /** Environment: how often it reports when nothing changes, in milliseconds. */
    public static final String HEARTBEAT_MILLIS = "HISTORY_HEARTBEAT_MILLIS";

    /** The word that ends it. */
    public static final String STOP = "stop";

    /** The word that, with a number of seconds after it, makes it begin a transaction that lasts as long. */
    public static final String STRAGGLE = "straggle ";

    /** Exit code of a service whose test is gone. */
    static final int ABANDONED = 3;

    private final Map<String, String> environment;
    private final AnchoredClock clock = new AnchoredClock();
    private final OutLog log = new OutLog();
    private final AtomicInteger stragglers = new AtomicInteger();

    private HistoryService(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        new HistoryService(System.getenv()).run();
    }

    private void run() throws InterruptedException {
        try (DynamoDbSettingsRegistry registry =
                        DynamoDbSettingsRegistry.open(TableLocation.fromEnvironment(environment));
                RegistryDataSource dataSource = RegistryDataSource.builder()
                        .registry(registry)
                        .database(value(DATABASE))
                        .service(value(SERVICE))
                        .instance(value(INSTANCE))
                        .heartbeat(Duration.ofMillis(number(HEARTBEAT_MILLIS)))
                        .startTimeout(Duration.ofSeconds(30))
                        .listener((previous, current) -> tell(current))
                        .build()) {
            tell(dataSource.status());
            workUntilStopped(dataSource);
        }
    }

    private void workUntilStopped(RegistryDataSource dataSource) throws InterruptedException {
        String prefix = value(SERVICE) + "-" + value(INSTANCE) + ".";
        long pauseNanos = Duration.ofMillis(number(PAUSE_MILLIS)).toNanos();
        var writers = IntStream.rangeClosed(1, number(WRITERS))
                .mapToObj(i -> new Writer(prefix + i, pauseNanos, number(ACCOUNTS), dataSource, clock, log))
                .toList();
        writers.forEach(Writer::start);
        awaitStop(seconds ->
                Writer.straggle(prefix + "s" + stragglers.incrementAndGet(), seconds, dataSource, clock, log));
        writers.forEach(Writer::stop);
        for (Writer writer : writers) {
            writer.join();
        }
    }

    private void tell(DataSourceStatus status) {
        int port = status.endpoint().map(Endpoint::port).orElse(0);
        log.tell(new HistoryLine.Status(
                clock.micros(), status.version(), port, status.state().name()));
    }

    private static void awaitStop(IntConsumer straggle) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals(STOP)) {
                    return;
                }
                if (line.startsWith(STRAGGLE)) {
                    straggle.accept(Integer.parseInt(line.substring(STRAGGLE.length())));
                }
            }
        } catch (IOException gone) {
            // as the end of input
        }
        Runtime.getRuntime().halt(ABANDONED);
    }

    private int number(String name) {
        return Integer.parseInt(value(name));
    }

    private String value(String name) {
        return Objects.requireNonNull(environment.get(name), () -> "environment variable " + name + " is not set");
    }
}
