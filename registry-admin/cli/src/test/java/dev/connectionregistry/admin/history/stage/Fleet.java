package dev.connectionregistry.admin.history.stage;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.history.check.AnchoredClock;
import dev.connectionregistry.admin.history.check.Operation;
import dev.connectionregistry.admin.history.check.Recorder;
import dev.connectionregistry.admin.history.service.HistoryService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The processes of services, sixteen writers in all if all are started, and the history that they make. For one thread. */
public final class Fleet implements AutoCloseable {
    private static final Duration SERVING_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final int FIRST_WRITERS = 6;
    private static final int WRITERS = 5;

    private final Cleanup cleanup = new Cleanup();
    private final Recorder recorder = new Recorder();
    private final AnchoredClock clock = new AnchoredClock();
    private final Map<String, String> environment;
    private final List<ServiceProcess> processes = new ArrayList<>();

    Fleet(String database, Map<String, String> environment) {
        this.environment = new HashMap<>(environment);
        this.environment.put(HistoryService.DATABASE, database);
        this.environment.put(HistoryService.ACCOUNTS, Integer.toString(Database.ACCOUNTS));
        this.environment.put(HistoryService.PAUSE_MILLIS, "40");
        this.environment.put(HistoryService.HEARTBEAT_MILLIS, "2000");
    }

    /** Starts all three; the first reaches the registry by {@code registryOfFirst}. */
    void start(Map<String, String> registryOfFirst) {
        add("checkout", "1", FIRST_WRITERS, registryOfFirst);
        add("checkout", "2", WRITERS, Map.of());
        add("billing", "1", WRITERS, Map.of());
    }

    /** Starts one more instance with so many writers; {@code more} goes into its environment. */
    void add(String service, String instance, int writers, Map<String, String> more) {
        Map<String, String> own = new HashMap<>(environment);
        own.putAll(more);
        processes.add(cleanup.add(ServiceProcess.start(service, instance, writers, own, recorder)));
    }

    /** One of them, counted from 0. */
    public ServiceProcess process(int number) {
        return processes.get(number);
    }

    /** Those that run. */
    public List<ServiceProcess> live() {
        return processes.stream().filter(ServiceProcess::isAlive).toList();
    }

    /** All that was heard so far. */
    public List<Operation> operations() {
        return recorder.operations();
    }

    /** Waits until each that runs has written on that server, with an operation that began after this call. */
    public void awaitServedBy(Database database) {
        awaitServedBy(database, SERVING_TIMEOUT);
    }

    /** As {@link #awaitServedBy(Database)}, for another time at most. */
    public void awaitServedBy(Database database, Duration timeout) {
        long since = clock.micros();
        await("that " + live() + " write on " + database)
                .atMost(timeout)
                .pollInterval(LOOK)
                .until(() ->
                        live().stream().allMatch(each -> recorder.wroteSince(each.name(), database.port(), since)));
    }

    /** Ends the load and all processes that run, in an orderly way. */
    public void stop() throws InterruptedException {
        List<ServiceProcess> running = live();
        running.forEach(ServiceProcess::askToStop);
        for (ServiceProcess process : running) {
            process.awaitStopped();
        }
    }

    /** Names of those that were killed. */
    Set<String> killed() {
        return names(ServiceProcess::wasKilled);
    }

    /** Names of those that were frozen for a time. */
    Set<String> frozen() {
        return names(ServiceProcess::wasFrozen);
    }

    private Set<String> names(Predicate<ServiceProcess> which) {
        return processes.stream().filter(which).map(ServiceProcess::name).collect(Collectors.toSet());
    }

    /** Ends everyone at once. */
    @Override
    public void close() {
        cleanup.close();
    }
}
