package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.FleetReader.Placed;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class ReportPartitionsTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final DenyingHttpClient POLICY = new DenyingHttpClient();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    /** Of a service, whose policy may deny something. */
    private static DynamoDbClient limited;

    private static DynamoDbClient client;
    private static String table;
    private static DynamoDbRegistryAdministration operators;
    private static DynamoDbSettingsRegistry service;

    private final DatabaseName database = new DatabaseName("spread-" + DATABASES.incrementAndGet());

    @BeforeAll
    static void open() {
        client = LocalTable.client();
        limited = DynamoDbClient.builder()
                .endpointOverride(LocalTable.server().endpoint())
                .region(Region.of(LocalTable.server().region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        LocalTable.server().accessKeyId(), LocalTable.server().secretAccessKey())))
                .httpClient(POLICY)
                .build();
        table = LocalTable.create(client);
        operators = new DynamoDbRegistryAdministration(client, table);
        service = new DynamoDbSettingsRegistry(limited, table);
    }

    @AfterAll
    static void close() {
        limited.close();
        client.close();
        POLICY.close();
    }

    private void spread(int partitions) {
        Change change = new Change("ops", NOW, "");
        VersionedSettings next = operators
                .read(database)
                .current()
                .map(current -> current.next(current.settings(), change))
                .orElseGet(() -> VersionedSettings.first(database, settings(), change));
        assertThat(operators.write(next.withReportPartitions(partitions))).isInstanceOf(WriteResult.Written.class);
    }

    private static ConnectionSettings settings() {
        return ConnectionSettings.of(new Endpoint("db1", 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    private InstanceReport report(String instance, long sequence) {
        return InstanceReport.builder(database, "checkout", instance)
                .state(InstanceState.ACTIVE)
                .sequence(sequence)
                .reportedAt(Instant.now())
                .incarnation(Optional.of("one"))
                .build();
    }

    /** The name of an instance that isn't in the first of so many partitions. */
    private String elsewhere(int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "i-" + i)
                .filter(name -> TableLayout.partition(report(name, 1), partitions) > 0)
                .findFirst()
                .orElseThrow();
    }

    private List<Map<String, AttributeValue>> itemsIn(int partition) {
        return client.query(b -> b.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(
                                Map.of(":pk", AttributeValue.fromS(TableLayout.fleet(database, partition)))))
                .items();
    }

    private Map<String, AttributeValue> mark() {
        return itemsIn(0).stream()
                .filter(item -> PartitionsMark.is(item, database))
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> sequences(List<InstanceReport> reports) {
        return reports.stream().map(InstanceReport::sequence).toList();
    }

    @Test
    void reportsAreSpreadEvenlyAndAllAreFoundByAnOperatorWhoHasReadNoSettings() {
        spread(8);
        service.read(database);
        IntStream.range(0, 200).forEach(i -> service.report(report("i-" + i, i)));
        IntStream.range(1, 8)
                .forEach(partition -> assertThat(itemsIn(partition)).hasSizeBetween(10, 45));
        assertThat(itemsIn(0)).as("with the mark").hasSizeBetween(11, 46);
        try (DynamoDbRegistryAdministration another = new DynamoDbRegistryAdministration(client, table)) {
            assertThat(another.fleet(database)).hasSize(200).doesNotHaveDuplicates();
            assertThat(another.fleet(database)).as("the second look").hasSize(200);
        }
        assertThat(operators.readFleet(database).unreadable()).isEmpty();
    }

    @Test
    void aFleetThatIsNotSpreadStaysInTheOnePartitionAndHasNoMark() {
        spread(1);
        service.read(database);
        service.report(report("i-1", 1));
        assertThat(itemsIn(0)).singleElement().satisfies(item -> assertThat(PartitionsMark.is(item, database))
                .isFalse());
        assertThat(operators.read(database).current().orElseThrow().reportPartitions())
                .isEqualTo(1);
    }

    @Test
    void thePartitionOfAnInstanceIsTheSameInEveryRelease() {
        InstanceReport report = InstanceReport.builder(new DatabaseName("orders"), "checkout", "i-07")
                .build();
        assertThat(TableLayout.partition(report, 1)).isZero();
        assertThat(TableLayout.partition(report, 8)).isEqualTo(3);
        assertThat(TableLayout.partition(report, 64)).isEqualTo(11);
        assertThat(TableLayout.fleet(report.database(), 0)).isEqualTo("fleet#orders");
        assertThat(TableLayout.fleet(report.database(), 63)).isEqualTo("fleet#orders#63");
    }

    /** That release counts a silent instance among those that a cutover must not overlook, and names it. */
    @Test
    void aReleaseThatKnowsOnePartitionTakesTheMarkForASilentInstance() {
        spread(8);
        service.read(database);
        service.report(report(elsewhere(8), 1));
        Map<String, AttributeValue> item = mark();
        InstanceReport read = ReportCodec.report(Attributes.toDocument(item));
        Items.requireKey(item, TableLayout.report(read), read.name());
        assertThat(read.name()).isEqualTo("reports-in-several-partitions/update-registry-admin");
        assertThat(read.isSilentAt(Instant.now())).isTrue();
        assertThat(read.state()).isNotEqualTo(InstanceState.STOPPED);
        assertThat(item).as("it never expires").doesNotContainKey(TableLayout.EXPIRES_AT);
        assertThat(operators.fleet(database)).extracting(InstanceReport::name).doesNotContain(read.name());
    }

    @Test
    void anInstanceThatChangesItsPartitionIsSeenOnceByItsNewestReport() {
        spread(1);
        String name = elsewhere(8);
        service.read(database);
        service.report(report(name, 1));
        spread(8);
        service.report(report(name, 2));
        assertThat(itemsIn(0)).as("the settings weren't read yet").hasSize(1);
        service.read(database);
        service.report(report(name, 3));
        assertThat(sequences(operators.fleet(database))).containsExactly(3L);
        spread(1);
        service.read(database);
        service.report(report(name, 4));
        assertThat(sequences(operators.fleet(database))).containsExactly(4L);
    }

    @Test
    void fewerPartitionsHideNoReport() {
        spread(64);
        service.read(database);
        IntStream.range(0, 100).forEach(i -> service.report(report("i-" + i, 1)));
        spread(2);
        try (DynamoDbSettingsRegistry another = new DynamoDbSettingsRegistry(client, table)) {
            another.read(database);
            IntStream.range(100, 110).forEach(i -> another.report(report("i-" + i, 1)));
        }
        try (DynamoDbRegistryAdministration another = new DynamoDbRegistryAdministration(client, table)) {
            assertThat(another.fleet(database)).hasSize(110);
        }
        assertThat(PartitionsMark.partitions(mark())).isEqualTo(64);
    }

    @Test
    void settingsThatCannotBeReadLeaveTheReportsWhereTheyAre() {
        spread(8);
        String name = elsewhere(8);
        service.read(database);
        Map<String, AttributeValue> broken = new HashMap<>(TableLayout.current(database));
        broken.put("reportPartitions", AttributeValue.fromN("65"));
        client.putItem(b -> b.tableName(table).item(broken));
        assertThat(service.read(database))
                .isInstanceOfSatisfying(ReadResult.Malformed.class, malformed -> assertThat(malformed.problem())
                        .isNotBlank());
        service.report(report(name, 1));
        assertThat(itemsIn(TableLayout.partition(report(name, 1), 8))).hasSize(1);
        assertThat(operators.fleet(database)).hasSize(1);
    }

    @Test
    void anInstanceThatIsDeniedItsPartitionReportsInTheFirstOneAndSaysSoOnce() {
        AtomicLong clock = new AtomicLong();
        spread(8);
        String name = elsewhere(8);
        String key = TableLayout.fleet(database, TableLayout.partition(report(name, 1), 8));
        RegistryTable access = new RegistryTable(limited, table);
        ReportWriter writer = new ReportWriter(access, clock::get);
        POLICY.deny(key);
        try (access;
                LogCapture log = LogCapture.ofInfo()) {
            writer.observe(database, operators.read(database));
            int before = POLICY.refusals();
            writer.write(report(name, 1));
            assertThat(writer.write(report(name, 2)))
                    .map(InstanceReport::sequence)
                    .hasValue(1L);
            clock.addAndGet(Duration.ofMinutes(11).toNanos());
            writer.write(report(name, 3));
            assertThat(POLICY.refusals() - before)
                    .as("tried again after a while")
                    .isEqualTo(2);
            assertThat(sequences(operators.fleet(database))).containsExactly(3L);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(name, "fleet#" + database, key, "LeadingKeys");

            POLICY.allow(key);
            writer.write(report(name, 4));
            assertThat(sequences(operators.fleet(database))).containsExactly(4L);
            clock.addAndGet(Duration.ofMinutes(11).toNanos());
            writer.write(report(name, 5));
            assertThat(sequences(operators.fleet(database))).containsExactly(5L);
            assertThat(itemsIn(TableLayout.partition(report(name, 1), 8))).hasSize(1);
        } finally {
            POLICY.allow(key);
        }
    }

    @Test
    void anInstanceThatMayReportNowhereFails() {
        spread(8);
        String name = elsewhere(8);
        List<String> keys = List.of(
                TableLayout.fleet(database, 0), TableLayout.fleet(database, TableLayout.partition(report(name, 1), 8)));
        service.read(database);
        keys.forEach(POLICY::deny);
        try {
            assertThatThrownBy(() -> service.report(report(name, 1)))
                    .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind())
                            .isEqualTo(RegistryException.Kind.DENIED));
        } finally {
            keys.forEach(POLICY::allow);
        }
        assertThat(service.report(report(name, 2))).isEmpty();
        assertThat(operators.fleet(database)).hasSize(1);
    }

    /** Half of a fleet would be worse than none: a cutover would not wait for the other half. */
    @Test
    void aPartitionThatCannotBeReadMakesTheLookFail() {
        spread(8);
        service.read(database);
        IntStream.range(0, 50).forEach(i -> service.report(report("i-" + i, 1)));
        String key = TableLayout.fleet(database, 5);
        POLICY.deny(key);
        try (DynamoDbRegistryAdministration another = new DynamoDbRegistryAdministration(limited, table)) {
            assertThatThrownBy(() -> another.readFleet(database))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("reading the fleet of '" + database + "'");
        } finally {
            POLICY.allow(key);
        }
        assertThat(operators.fleet(database)).hasSize(50);
    }

    @Test
    void aTableThatLostTheMarkIsMarkedAgain() {
        spread(8);
        String name = elsewhere(8);
        service.read(database);
        service.report(report(name, 1));
        int partition = TableLayout.partition(report(name, 1), 8);
        client.deleteItem(
                b -> b.tableName(table).key(TableLayout.report(ReportCodec.report(Attributes.toDocument(mark())))));
        client.deleteItem(b -> b.tableName(table).key(TableLayout.report(report(name, 1), partition)));
        service.report(report(name, 2));
        try (DynamoDbRegistryAdministration another = new DynamoDbRegistryAdministration(client, table)) {
            assertThat(sequences(another.fleet(database))).containsExactly(2L);
        }
    }

    @Test
    void aMarkThatCannotBeReadMeansEveryPartitionThatThereCanBe() {
        spread(64);
        service.read(database);
        IntStream.range(0, 100).forEach(i -> service.report(report("i-" + i, 1)));
        for (AttributeValue nonsense :
                List.of(AttributeValue.fromS("8"), AttributeValue.fromN("0"), AttributeValue.fromN("1e30"))) {
            Map<String, AttributeValue> broken = new HashMap<>(mark());
            broken.put("partitions", nonsense);
            client.putItem(b -> b.tableName(table).item(broken));
            try (DynamoDbRegistryAdministration another = new DynamoDbRegistryAdministration(client, table)) {
                assertThat(another.fleet(database))
                        .as("partitions %s", nonsense)
                        .hasSize(100);
            }
        }
    }

    /** A reader that has neither would miss it for as long as it takes to write the second one. */
    @Test
    void theMarkIsThereBeforeTheFirstReportIs() {
        spread(8);
        String name = elsewhere(8);
        service.read(database);
        String first = TableLayout.fleet(database, 0);
        POLICY.deny(first);
        try {
            assertThatThrownBy(() -> service.report(report(name, 1))).isInstanceOf(RegistryException.class);
        } finally {
            POLICY.allow(first);
        }
        assertThat(itemsIn(TableLayout.partition(report(name, 1), 8))).isEmpty();
    }

    @Test
    void twoProcessesOfOneNameInTwoPartitionsAreBothSeen() {
        InstanceReport old = report("i-1", 70).toBuilder()
                .incarnation(Optional.empty())
                .reportedAt(NOW)
                .build();
        InstanceReport young =
                report("i-1", 3).toBuilder().reportedAt(NOW.plusSeconds(20)).build();
        assertThat(FleetReader.oneOfEach(List.of(new Placed(old, 0), new Placed(young, 3))))
                .containsExactly(young, old.withInstance("i-1 (fleet#" + database + ")"));
        InstanceReport later = old.withReportedAt(NOW.plusSeconds(25));
        assertThat(FleetReader.oneOfEach(List.of(new Placed(later, 0), new Placed(young, 3))))
                .containsExactly(later, young.withInstance("i-1 (fleet#" + database + "#3)"));
    }

    @Test
    void aPredecessorOfTheSameNameIsNotSeenOnceItIsOver() {
        InstanceReport young =
                report("i-1", 3).toBuilder().reportedAt(NOW.plusSeconds(20)).build();
        InstanceReport stopped = report("i-1", 70).toBuilder()
                .incarnation(Optional.of("another"))
                .state(InstanceState.STOPPED)
                .reportedAt(NOW)
                .build();
        InstanceReport killed = stopped.toBuilder()
                .state(InstanceState.ACTIVE)
                .reportedAt(NOW.minusSeconds(71))
                .build();
        for (InstanceReport over : List.of(stopped, killed, stopped.withReportedAt(NOW.plusSeconds(30)))) {
            assertThat(FleetReader.oneOfEach(List.of(new Placed(over, 0), new Placed(young, 3))))
                    .containsExactly(young);
        }
        InstanceReport stoppedToo =
                young.toBuilder().state(InstanceState.STOPPED).build();
        assertThat(FleetReader.oneOfEach(List.of(new Placed(stopped, 0), new Placed(stoppedToo, 3))))
                .containsExactly(stoppedToo);
    }

    @Test
    void ofOneProcessInTwoPartitionsTheHigherSequenceCountsWhateverTheClocksSay() {
        InstanceReport old = report("i-1", 70).withReportedAt(NOW.plusSeconds(3600));
        InstanceReport young = report("i-1", 71).withReportedAt(NOW);
        assertThat(FleetReader.oneOfEach(List.of(new Placed(old, 0), new Placed(young, 3))))
                .containsExactly(young);
        assertThat(FleetReader.oneOfEach(List.of(new Placed(young, 3), new Placed(old, 0))))
                .containsExactly(young);
    }

    @Test
    void anItemOfAnotherPartitionIsNotBelieved() {
        spread(8);
        String name = elsewhere(8);
        service.read(database);
        service.report(report(name, 1));
        Map<String, AttributeValue> foreign = new HashMap<>(Items.item(report("i-99", 1), 5, 0));
        foreign.remove(TableLayout.EXPIRES_AT);
        foreign.put(TableLayout.SK, AttributeValue.fromS("instance#checkout#i-98"));
        client.putItem(b -> b.tableName(table).item(foreign));
        ItemsRead<InstanceReport> read = operators.readFleet(database);
        assertThat(read.items()).extracting(InstanceReport::instance).containsExactly(name);
        assertThat(read.unreadable()).singleElement().satisfies(each -> assertThat(each.reason())
                .contains("has another key"));
    }
}
