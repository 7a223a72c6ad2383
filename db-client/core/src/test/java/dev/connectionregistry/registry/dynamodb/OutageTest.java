package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration.AccessCheck;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the registry says, and how soon, when the table is cut off, hangs, or isn't there; with the product's client. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class OutageTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final CutoverLock LOCK = new CutoverLock(ORDERS, 1, "c-1", true, "t-1", "alice", Instant.EPOCH);
    private static final VersionedSettings FIRST = VersionedSettings.first(
            ORDERS,
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")),
            new Change("alice@laptop", Instant.EPOCH, ""));

    private final TcpGate gate = TcpGate.to("127.0.0.1", LocalTable.server().port());
    private final SystemProperties properties = new SystemProperties();
    private TableLocation location;

    @BeforeEach
    void createTable() {
        properties.set("aws.accessKeyId", LocalTable.server().accessKeyId());
        properties.set("aws.secretAccessKey", LocalTable.server().secretAccessKey());
        try (DynamoDbClient direct = LocalTable.client()) {
            location = TableLocation.of(LocalTable.create(direct))
                    .withRegion("eu-central-1")
                    .withEndpointUrl("http://127.0.0.1:" + gate.port());
        }
    }

    @AfterEach
    void close() {
        properties.restore();
        gate.close();
    }

    private static RegistryException unreadable(ReadResult result) {
        return ((ReadResult.Unreadable) result).problem();
    }

    @Test
    void worksThroughAnOpenGate() {
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            assertThat(operators.write(FIRST)).isEqualTo(new WriteResult.Written(FIRST));
            assertThat(operators.read(ORDERS)).isEqualTo(new ReadResult.Found(FIRST));
        }
    }

    @Test
    void aMissingTableIsNamedWithTheCommandThatMakesIt() {
        try (DynamoDbSettingsRegistry services = DynamoDbSettingsRegistry.open(location.withTable("no-such-table"))) {
            RegistryException problem = unreadable(services.read(ORDERS));
            assertThat(problem.kind()).isEqualTo(Kind.TABLE_MISSING);
            assertThat(problem)
                    .hasMessage(
                            "table 'no-such-table' does not exist in eu-central-1: run 'registry-admin init', or name"
                                    + " another with --table or REGISTRY_TABLE");
        }
    }

    @Test
    void everyOperatorCallSaysThatTheTableIsMissing() {
        try (DynamoDbRegistryAdministration operators =
                DynamoDbRegistryAdministration.open(location.withTable("no-such-table"))) {
            for (Runnable call : List.<Runnable>of(
                    operators::list,
                    () -> operators.write(FIRST),
                    () -> operators.version(ORDERS, 1),
                    () -> operators.history(ORDERS, 1),
                    () -> operators.fleet(ORDERS),
                    () -> operators.cutovers().lock(ORDERS),
                    () -> operators.cutovers().writeLock(LOCK),
                    () -> operators.cutovers().write(FIRST, LOCK),
                    () -> operators.cutovers().writeJournal(LOCK, Map.of()),
                    () -> operators.cutovers().journal(ORDERS, "c-1"),
                    () -> operators.cutovers().journals(ORDERS, 1))) {
                assertThatThrownBy(call::run).isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind())
                        .isEqualTo(Kind.TABLE_MISSING));
            }
            List<AccessCheck> checks = operators.checkAccess();
            assertThat(checks).hasSize(10).noneMatch(AccessCheck::ok);
            assertThat(checks.get(0).detail()).contains("registry-admin init");
            assertThat(checks.get(1).detail()).contains("not tried");
        }
    }

    @Test
    void aCutNetworkIsUnreachableUntilItHeals() {
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            operators.write(FIRST);
            gate.cut();
            RegistryException problem = unreadable(operators.read(ORDERS));
            assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(problem)
                    .hasMessageContaining("reading the settings of 'orders'")
                    .hasMessageContaining("at http://127.0.0.1:" + gate.port());
            gate.heal();
            assertThat(operators.read(ORDERS)).isInstanceOf(ReadResult.Found.class);
        }
    }

    @Test
    void aClosedPortIsUnreachableAndNothingWasWritten() {
        gate.close();
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            assertThat(unreadable(operators.read(ORDERS)))
                    .hasMessageContaining("connection was refused")
                    .extracting(RegistryException::kind)
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void anUnknownHostIsUnreachable() {
        try (DynamoDbSettingsRegistry services =
                DynamoDbSettingsRegistry.open(location.withEndpointUrl("http://no-such-host.invalid:8000"))) {
            assertThat(unreadable(services.read(ORDERS)))
                    .hasMessageContaining("'no-such-host.invalid' is not known")
                    .extracting(RegistryException::kind)
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aHangingTableIsGivenUpWithinSixSeconds() {
        try (DynamoDbSettingsRegistry services = DynamoDbSettingsRegistry.open(location)) {
            assertThat(services.read(ORDERS)).isInstanceOf(ReadResult.Absent.class);
            gate.hang();
            long before = System.nanoTime();
            RegistryException problem = unreadable(services.read(ORDERS));
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertThat(problem).hasMessageContaining("no answer in time");
            assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
        }
    }

    @Test
    void aWriteThatNobodyAnswersHasAnUnknownOutcomeAndSaysHowToCheck() {
        try (DynamoDbClients.Owned owned = DynamoDbClients.open(location, IMPATIENT)) {
            DynamoDbRegistryAdministration operators =
                    new DynamoDbRegistryAdministration(owned.client(), location.table());
            gate.hang();
            assertThatThrownBy(() -> operators.write(FIRST))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN))
                    .hasMessageContaining("registry-admin history orders")
                    .hasMessageContaining("version 1 by alice@laptop");
        }
    }

    /** For tests in which every call hangs. */
    private static final DynamoDbClients.Timeouts IMPATIENT = new DynamoDbClients.Timeouts(
            Duration.ofMillis(200),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(800),
            Duration.ofMillis(500));

    @Test
    void anInterruptedCallerGetsHisThreadBackAndKeepsTheFlag() throws Exception {
        try (DynamoDbSettingsRegistry services = DynamoDbSettingsRegistry.open(location)) {
            services.read(ORDERS);
            gate.hang();
            AtomicReference<ReadResult> result = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                result.set(services.read(ORDERS));
                flag.set(Thread.currentThread().isInterrupted());
            });
            reader.start();
            Awaitility.await().until(() -> isWaitingForAnswer(reader));
            long before = System.nanoTime();
            reader.interrupt();
            reader.join(10_000);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            assertThat(result.get())
                    .isInstanceOfSatisfying(ReadResult.Unreadable.class, unreadable -> assertThat(unreadable.problem())
                            .hasMessageContaining("interrupted"));
            assertThat(flag.get()).isTrue();
        }
    }

    private static boolean isWaitingForAnswer(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(InterruptibleCalls.class.getName()));
    }

    @Test
    void anInterruptedWriterIsToldThatTheOutcomeIsUnknown() throws Exception {
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            operators.read(ORDERS);
            gate.hang();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread writer = new Thread(() -> operators.write(FIRST));
            writer.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
            writer.start();
            Awaitility.await().until(() -> isWaitingForAnswer(writer));
            writer.interrupt();
            writer.join(10_000);
            assertThat(thrown.get()).isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind())
                    .isEqualTo(Kind.OUTCOME_UNKNOWN));
        }
    }

    @Test
    void anInterruptedThreadDoesNotBeginToWrite() {
        try (DynamoDbRegistryAdministration operators = DynamoDbRegistryAdministration.open(location)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> operators.write(FIRST)).hasMessageContaining("was not started");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(operators.read(ORDERS)).isInstanceOf(ReadResult.Absent.class);
        }
    }

    @Test
    void aClosedRegistryAnswersUnreadable() {
        DynamoDbSettingsRegistry services = DynamoDbSettingsRegistry.open(location);
        services.close();
        services.close();
        assertThat(services.read(ORDERS)).isInstanceOf(ReadResult.Unreadable.class);
    }

    @Test
    void noThreadOutlivesTheRegistry() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (DynamoDbSettingsRegistry services = DynamoDbSettingsRegistry.open(location)) {
            services.read(ORDERS);
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> thread.getName().startsWith("registry-"))
                        .filter(OutageTest::outlives))
                .isEmpty();
    }

    private static boolean outlives(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread.isAlive();
    }
}
