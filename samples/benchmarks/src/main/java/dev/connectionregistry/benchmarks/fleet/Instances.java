package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.benchmarks.cutover.load.Load;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.side.registry.Witness;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/**
 * A process with some of a fleet's instances: each with a data source, a poller, a pool and a caller of its own; they share the
 * client of the registry, as the data sources of one service do. It is told what to do on standard input, and ends with it. What a
 * service would log goes nowhere.
 */
final class Instances {
    /** Says that all instances serve. */
    static final String READY = "ready";
    /** Starts the callers. */
    static final String LOAD = "load";
    /** From now on latencies count. */
    static final String MEASURE = "measure";
    /** Ends the callers, and asks for what was seen. */
    static final String STOP = "stop";

    private static final String SERVICE = "benchmark";
    /** On a busy machine many beginnings at once take longer than the default. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final CountingRegistry registry;
    private final List<DataSource> instances = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final int threadsWithout = THREADS.getThreadCount();

    private Instances(CountingRegistry registry) {
        this.registry = registry;
    }

    /** Arguments: database, number of the first instance, how many there are, statements a second of all of them. */
    public static void main(String[] arguments) throws InterruptedException {
        BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(commands), "commands");
        reader.setDaemon(true);
        reader.start();
        try (DynamoDbSettingsRegistry client =
                DynamoDbSettingsRegistry.open(TableLocation.fromEnvironment(System.getenv()))) {
            Instances all = new Instances(new CountingRegistry(client));
            all.start(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            System.out.println(READY);
            all.obey(commands, Double.parseDouble(arguments[3]));
        } catch (RuntimeException e) {
            System.err.println("error: " + e); // which the benchmark repeats
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    /** At the end of the input the process ends at once, whatever it does: the servers notice, and all that matters was said. */
    private static void read(BlockingQueue<String> commands) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            // the same as its end
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private void start(String database, int first, int count) {
        for (int i = first; i < first + count; i++) {
            Witness witness = new Witness();
            witnesses.add(witness);
            instances.add(RegistryDataSource.builder()
                    .registry(registry)
                    .database(database)
                    .service(SERVICE)
                    .instance("instance-" + i)
                    .listener(witness)
                    .startTimeout(START_TIMEOUT)
                    .build());
        }
    }

    private void obey(BlockingQueue<String> commands, double rate) throws InterruptedException {
        String first = commands.take();
        if (!first.equals(LOAD)) {
            throw new IllegalArgumentException("'" + first + "' is not understood before '" + LOAD + "'");
        }
        Load load = Load.start(instances, instances.size(), rate);
        while (true) {
            String command = commands.take();
            if (command.equals(MEASURE)) {
                THREADS.resetPeakThreadCount();
                load.measure();
            } else if (command.equals(STOP)) {
                int threads = THREADS.getPeakThreadCount() - threadsWithout - instances.size();
                System.out.println(seen(load.stop(), threads).line());
            }
        }
    }

    private Seen seen(Observed observed, int threads) {
        return new Seen(
                observed.latencies().longestMillis(),
                observed.failed(),
                observed.firstFailure().orElse(""),
                observed.acknowledged(),
                last(),
                registry.reads(),
                registry.writes(),
                threads);
    }

    private Map<InstanceState, String> last() {
        Map<InstanceState, String> last = new EnumMap<>(InstanceState.class);
        for (InstanceState state : List.of(InstanceState.HOLDING, InstanceState.HELD, InstanceState.ACTIVE)) {
            List<Instant> moments = witnesses.stream()
                    .map(witness -> witness.seen(state))
                    .flatMap(Optional::stream)
                    .toList();
            if (moments.size() == witnesses.size()) {
                moments.stream().max(Instant::compareTo).ifPresent(moment -> last.put(state, moment.toString()));
            }
        }
        return last;
    }
}
