package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.signal.InstanceSignals;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.CommittedRun;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Instances by the thousand: each with its own control loop and reporter, the real ones, on one clock that is wound; pools open in no
 * time. What they ask while somebody counts goes over the wire to DynamoDB Local, which says what it charges. Between two counts
 * it isn't sent, for speed: they are told what the table says, and their reports are dropped.
 */
final class SimulatedFleet implements AutoCloseable {
    static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final String TABLE = "connection-registry";

    private final ManualScheduler control = new ManualScheduler();
    private final DirectExecutor direct = new DirectExecutor();
    private final Random chance;
    private final Meter meter = new Meter();
    private final LocalDynamoDb server = LocalDynamoDb.start();
    private final DynamoDbClient counted = client(meter);
    private final DynamoDbSettingsRegistry table = new DynamoDbSettingsRegistry(counted, TABLE);
    private final DynamoDbClient uncounted = client(new ExecutionInterceptor() {});
    private final DynamoDbRegistryAdministration operator = new DynamoDbRegistryAdministration(uncounted, TABLE);
    private final List<Instance> instances = new ArrayList<>();
    private ReadResult stored = new ReadResult.Absent(Optional.empty());
    private @Nullable CommittedRun run;
    private boolean counting;
    private boolean out;

    /**
     * What the table was asked, and what it charged for it.
     *
     * @param mostWrites under the partition key that was written most
     */
    record Count(long reads, long writes, long mostWrites, double readUnits, double writeUnits) {}

    SimulatedFleet(long seed) {
        chance = new Random(seed);
        operator.createTable();
    }

    private DynamoDbClient client(ExecutionInterceptor interceptor) {
        return DynamoDbClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.of(server.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(server.accessKeyId(), server.secretAccessKey())))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(b -> b.addExecutionInterceptor(interceptor))
                .build();
    }

    /** Writes these as the next version. */
    void write(ConnectionSettings settings) {
        Change change = new Change("simulation", Clock.systemUTC().instant(), "");
        write(
                stored instanceof ReadResult.Found found
                        ? found.settings().next(settings, change)
                        : VersionedSettings.first(ORDERS, settings, change));
    }

    /** Spreads the reports over so many partition keys. */
    void spread(int partitions) {
        VersionedSettings now = ((ReadResult.Found) stored).settings();
        write(now.next(now.settings(), CommittedRun.CHANGE).withReportPartitions(partitions));
    }

    /** How many instances an operator finds. */
    int found() {
        return operator.fleet(ORDERS).size();
    }

    /** Begins a cutover to {@code target}, whose signals nobody hears. */
    void prepare(ConnectionSettings target) {
        VersionedSettings now = ((ReadResult.Found) stored).settings();
        Transition transition = new Transition("c-1", Transition.Phase.PREPARE, target, Duration.ofSeconds(5));
        write(now.nextIn(transition, new Change("simulation", Clock.systemUTC().instant(), "")));
    }

    /** Begins a cutover to {@code target}, whose signals reach every instance from soon after it has read of it. */
    void prepareWithSignals(ConnectionSettings target) {
        VersionedSettings now = ((ReadResult.Found) stored).settings();
        run = new CommittedRun("c-2", now.version() + 1);
        write(now.nextIn(run.prepare(target, Duration.ofSeconds(5)), CommittedRun.CHANGE));
    }

    /** Writes the next version of that cutover and announces it. */
    void announce(Commitment.Kind kind) {
        CommittedRun announced = Objects.requireNonNull(run);
        write(announced.after(((ReadResult.Found) stored).settings(), kind));
        instances.forEach(each -> each.tell(new Event.Announced(ORDERS, announced.announcement(kind))));
    }

    private void write(VersionedSettings next) {
        if (!(operator.write(next) instanceof WriteResult.Written)) {
            throw new IllegalStateException("version " + next.version() + " wasn't written");
        }
        stored = operator.read(ORDERS);
    }

    /** Starts instances, evenly spread over this time, as a fleet that has long been there is. */
    void start(int count, Duration over) {
        for (int number = 0; number < count; number++) {
            instances.add(new Instance(number));
            pass(over.dividedBy(count));
        }
    }

    /** From now on nothing is answered, or it is again. What is asked then is counted, but not sent. */
    void outage(boolean begins) {
        out = begins;
    }

    /** Lets time pass; nobody counts. */
    void pass(Duration time) {
        control.pass(time);
    }

    /** Lets time pass and counts. */
    Count during(Duration time) {
        meter.reset();
        counting = true;
        pass(time);
        counting = false;
        return meter.count();
    }

    /** What an operator's look at the fleet is charged. */
    double look() {
        return uncounted
                .queryPaginator(b -> b.tableName(TABLE)
                        .consistentRead(true)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("fleet#" + ORDERS))))
                .stream()
                .mapToDouble(page -> page.consumedCapacity().capacityUnits())
                .sum();
    }

    /** The newest version. */
    long newest() {
        return ((ReadResult.Found) stored).settings().version();
    }

    /** How many instances serve this version. */
    long serving(long version) {
        return instances.stream()
                .filter(each -> each.started.isDone() && each.status.status().version() == version)
                .count();
    }

    @Override
    public void close() {
        operator.close();
        table.close();
        counted.close();
        uncounted.close();
        server.close();
    }

    /** One instance, without its pools. */
    private final class Instance extends NoGenerations implements SettingsRegistry, InstanceSignals {
        private final StatusBoard status;
        private final ControlLoop loop;
        private final CompletableFuture<Void> started;

        Instance(int number) {
            NameConflict conflict = new NameConflict(control::nanoTime);
            status = new StatusBoard(
                    new StatusBoard.Identity(ORDERS, "checkout", "instance-" + number + ".internal/4711"),
                    this,
                    conflict,
                    List.of(),
                    Runnable::run,
                    Clock.systemUTC(),
                    control::nanoTime);
            String name = "instance-" + number + ".internal/4711";
            HeldProof held = new HeldProof(ORDERS, "checkout/" + name, conflict.incarnation());
            Reporter reporter = new Reporter(
                    this,
                    ORDERS,
                    new ReportedDataSource(status::status, held, () -> tell(new Event.ReportDue())),
                    conflict,
                    Map.of(),
                    HEARTBEAT,
                    Clock.systemUTC(),
                    direct);
            loop = new ControlLoop(
                    new ControlLoop.Parts(
                            ORDERS,
                            this,
                            control,
                            direct,
                            this,
                            this,
                            new SnapshotKeeper(null, ORDERS, direct),
                            status,
                            reporter,
                            held,
                            HEARTBEAT,
                            chance::nextDouble),
                    new ClientState.StartOptions(null, "none configured", null));
            started = loop.start(Duration.ofSeconds(5));
        }

        private void tell(Event event) {
            loop.tell(event);
        }

        /** A connection takes its time, and the first heartbeat too. */
        @Override
        public void listen(Transition transition) {
            if (!transition.commitments().isEmpty()) {
                control.schedule(() -> tell(new Event.Signalled()), Duration.ofMillis(50));
                control.schedule(() -> tell(new Event.SignalsWork(transition.id(), true)), Duration.ofSeconds(1));
            }
        }

        @Override
        public void reveal(String held) {}

        @Override
        public void stop() {}

        @Override
        public void hold(long generation, String holder) {
            tell(new Event.Drained(generation));
        }

        @Override
        public void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) {
            loop.tell(new Event.GenerationOpened(generation));
        }

        @Override
        public ReadResult read(DatabaseName database) {
            if (out) {
                meter.readInVain();
                return new ReadResult.Unreadable(
                        new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null));
            }
            return counting ? table.read(database) : stored;
        }

        @Override
        public Optional<InstanceReport> report(InstanceReport report) {
            if (out) {
                throw new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null);
            }
            if (counting) {
                return table.report(report);
            }
            return Optional.empty();
        }

        @Override
        public String describe() {
            return table.describe();
        }
    }

    /** Counts requests as they are sent, and sums up what the answers say was charged. */
    private static final class Meter implements ExecutionInterceptor {
        private long reads;
        private long writes;
        private final Map<String, Long> writesByKey = new HashMap<>();
        private double readUnits;
        private double writeUnits;

        synchronized void reset() {
            reads = 0;
            writes = 0;
            writesByKey.clear();
            readUnits = 0;
            writeUnits = 0;
        }

        synchronized Count count() {
            long most = writesByKey.values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            return new Count(reads, writes, most, readUnits, writeUnits);
        }

        synchronized void readInVain() {
            reads++;
        }

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            if (context.request() instanceof GetItemRequest get) {
                return get.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            } else if (context.request() instanceof PutItemRequest put) {
                return put.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            throw new IllegalStateException("a service that asks for " + context.request());
        }

        @Override
        public synchronized void beforeTransmission(
                Context.BeforeTransmission context, ExecutionAttributes attributes) {
            if (context.request() instanceof PutItemRequest put) {
                writes++;
                writesByKey.merge(String.valueOf(put.item().get("pk")), 1L, Long::sum);
            } else {
                reads++;
            }
        }

        @Override
        public synchronized void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            if (context.response() instanceof GetItemResponse got) {
                readUnits += got.consumedCapacity().capacityUnits();
            } else if (context.response() instanceof PutItemResponse put) {
                writeUnits += put.consumedCapacity().capacityUnits();
            }
        }
    }
}
