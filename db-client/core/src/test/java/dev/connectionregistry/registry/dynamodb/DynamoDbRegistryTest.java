package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryContract;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbRegistryTest extends RegistryContract {
    private static DynamoDbClient client;
    private static String table;
    private static DynamoDbSettingsRegistry services;
    private static DynamoDbRegistryAdministration operators;

    @BeforeAll
    static void open() {
        client = LocalTable.client();
        table = LocalTable.create(client);
        services = new DynamoDbSettingsRegistry(client, table);
        operators = new DynamoDbRegistryAdministration(client, table);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected SettingsRegistry services() {
        return services;
    }

    @Override
    protected RegistryAdministration operators() {
        return operators;
    }

    @Override
    protected void putRaw(DatabaseName database, Map<String, Object> document) {
        put(TableLayout.current(database), Attributes.toItem(document));
    }

    private static void put(Map<String, AttributeValue> key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.putAll(key);
        client.putItem(b -> b.tableName(table).item(item));
    }

    private Map<String, AttributeValue> current() {
        return client.getItem(b -> b.tableName(table).key(TableLayout.current(database())))
                .item();
    }

    @Test
    void thesTablesOwnAttributesAreNotTakenForUnknownOnes() {
        addFirst();
        assertThat(current()).containsKeys("pk", "sk", "writeId");
        ReadResult.Found found = (ReadResult.Found) services.read(database());
        assertThat(found.settings().unknown()).isEmpty();
        assertThat(operators.history(database(), 1).get(0).unknown()).isEmpty();
    }

    @Test
    void theCurrentItemIsTheHistoryItem() {
        addFirst();
        Map<String, AttributeValue> history = new HashMap<>(
                client.getItem(b -> b.tableName(table).key(TableLayout.key("history#" + database(), "v#000000000001")))
                        .item());
        history.putAll(TableLayout.current(database()));
        assertThat(current()).isEqualTo(history);
    }

    @Test
    void anItemCanBeReadByAPerson() {
        addFirst();
        assertThat(current())
                .containsEntry("pollIntervalMillis", AttributeValue.fromN("30000"))
                .containsEntry("username", AttributeValue.fromS("app"))
                .containsEntry(
                        "endpoint",
                        AttributeValue.fromM(Map.of(
                                "host", AttributeValue.fromS("db1"),
                                "port", AttributeValue.fromN("5432"),
                                "databaseName", AttributeValue.fromS("orders"))));
    }

    @Test
    void unknownAttributesOfEveryDynamoDbTypeSurviveAWrite() {
        VersionedSettings first = addFirst();
        Map<String, AttributeValue> item = new HashMap<>(current());
        Map<String, AttributeValue> strange = AttributesTest.everyType();
        item.putAll(strange);
        put(TableLayout.current(database()), item);
        ReadResult.Found found = (ReadResult.Found) services.read(database());
        operators.write(found.settings().next(first.settings(), by("bob")));
        assertThat(current()).containsAllEntriesOf(strange);
    }

    @Test
    void aPartThatIsNullIsReportedAndThrowsNothing() {
        addFirst();
        Map<String, AttributeValue> item = new HashMap<>(current());
        item.put("endpoint", AttributeValue.fromM(Map.of("host", AttributeValue.fromNul(true))));
        put(TableLayout.current(database()), item);
        assertThat(services.read(database())).isInstanceOf(ReadResult.Malformed.class);
    }

    @Test
    void expiredReportsAreLeftOutAlthoughTheTableStillHasThem() {
        services.report(report("checkout", "alive", InstanceState.ACTIVE, 1));
        InstanceReport dead = report("checkout", "dead", InstanceState.ACTIVE, 1);
        put(Map.of(), Items.item(dead, 0, Instant.now().getEpochSecond() - 1));
        assertThat(operators.fleet(database()))
                .extracting(InstanceReport::instance)
                .containsExactly("alive");
    }

    @Test
    void aReportExpiresInAnHourByTheTablesClock() {
        services.report(report("checkout", "i-1", InstanceState.ACTIVE, 1));
        Map<String, AttributeValue> item = client.getItem(
                        b -> b.tableName(table).key(TableLayout.key("fleet#" + database(), "instance#checkout#i-1")))
                .item();
        String expiresAt = Objects.requireNonNull(item.get("expiresAt")).n();
        assertThat(Long.parseLong(expiresAt) - Instant.now().getEpochSecond()).isBetween(3590L, 3610L);
    }

    @Test
    void theAgeOfAReportDoesNotDependOnTheClocksOfInstanceAndOperator() {
        addFirst();
        Instant now = Instant.now();
        Duration hour = Duration.ofHours(1);
        try (DynamoDbClient late = LocalTable.client(LocalTable.server().endpoint(), tableIsAheadBy(hour));
                DynamoDbSettingsRegistry service = new DynamoDbSettingsRegistry(late, table)) {
            service.read(database()); // shows it the table's clock
            service.report(report("checkout", "late", InstanceState.ACTIVE, 1).withReportedAt(now.minus(hour)));
        }
        assertThat(operators.fleet(database()).get(0).isSilentAt(now)).isFalse();

        try (DynamoDbClient early = LocalTable.client(LocalTable.server().endpoint(), tableIsAheadBy(hour.negated()));
                DynamoDbRegistryAdministration operator = new DynamoDbRegistryAdministration(early, table)) {
            assertThat(operator.fleet(database()).get(0).isSilentAt(now.plus(hour)))
                    .isFalse();
        }
    }

    private static UnaryOperator<ClientOverrideConfiguration.Builder> tableIsAheadBy(Duration difference) {
        return override -> override.addExecutionInterceptor(new ExecutionInterceptor() {
            @Override
            public SdkHttpResponse modifyHttpResponse(
                    Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
                String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plus(difference).atOffset(ZoneOffset.UTC));
                return context.httpResponse().toBuilder()
                        .putHeader("Date", date)
                        .build();
            }
        });
    }

    @Test
    void anUnreadableReportDoesNotHideTheOthers() {
        services.report(report("checkout", "i-1", InstanceState.ACTIVE, 1));
        put(
                TableLayout.key("fleet#" + database(), "instance#checkout#i-0"),
                Map.of("state", AttributeValue.fromB(SdkBytes.fromUtf8String("?"))));
        assertThat(operators.fleet(database()))
                .extracting(InstanceReport::instance)
                .containsExactly("i-1");
    }

    @Test
    void anUnreadablePastVersionIsNamedAndDoesNotHideTheOthers() {
        VersionedSettings first = addFirst();
        put(
                TableLayout.history(database(), 2),
                Map.of("format", AttributeValue.fromN("99"), "version", AttributeValue.fromN("2")));
        assertThat(operators.history(database(), 10)).containsExactly(first);
        assertThat(operators.history(database(), 1)).containsExactly(first);
        assertThatThrownBy(() -> operators.version(database(), 2))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("version 2 of '" + database() + "'")
                .hasMessageContaining("format 99");
    }

    @Test
    void writingAfterTheCurrentItemWasDeletedByHandSaysHowToRepairIt() {
        VersionedSettings first = addFirst();
        client.deleteItem(b -> b.tableName(table).key(TableLayout.current(database())));
        assertThatThrownBy(() -> operators.write(first))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("the current item was deleted by hand")
                .hasMessageContaining("pk settings#" + database());
    }

    @Test
    void anItemThatIsTooLargeIsRefusedWithTheReason() {
        VersionedSettings first = addFirst();
        String long400 = "x".repeat(410_000);
        VersionedSettings tooLarge = first.next(first.settings(), new Change("alice", Instant.EPOCH, long400));
        assertThatThrownBy(() -> operators.write(tooLarge))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("size")
                .satisfies(e -> assertThat(((RegistryException) e).kind()).isEqualTo(RegistryException.Kind.INVALID));
        assertThat(services.read(database())).isEqualTo(new ReadResult.Found(first));
    }

    @Test
    void itemsOfAnyTypeAreReadOrNamedAndHideNoOthers() {
        VersionedSettings first = addFirst();
        services.report(report("checkout", "good", InstanceState.ACTIVE, 1));
        Map<String, AttributeValue> report =
                Attributes.toItem(ReportCodec.toDocument(report("checkout", "bad", InstanceState.ACTIVE, 1)));
        Map<String, AttributeValue> past = Attributes.toItem(SettingsCodec.toDocument(first.lifted(2, first.change())));
        DynamoDbCutoverRegistry cutovers = (DynamoDbCutoverRegistry) operators.cutovers();
        Set<String> attributes = new TreeSet<>(report.keySet());
        attributes.addAll(past.keySet());
        attributes.addAll(Set.of("expiresAt", "epoch", "held", "token"));
        for (String name : attributes) {
            AttributesTest.everyType().values().forEach(value -> {
                put(TableLayout.report(report("checkout", "bad", InstanceState.ACTIVE, 1)), with(report, name, value));
                put(TableLayout.history(database(), 2), with(past, name, value));
                put(TableLayout.lock(database()), with(report, name, value));
            });
            assertThat(operators.readFleet(database()).items())
                    .extracting(InstanceReport::instance)
                    .contains("good");
            assertThat(operators.readHistory(database(), 10).items()).contains(first);
            assertThatThrownBy(() -> cutovers.lock(database())).isInstanceOf(RegistryException.class);
        }
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> item, String name, AttributeValue value) {
        Map<String, AttributeValue> changed = new HashMap<>(item);
        changed.put(name, value);
        return changed;
    }

    @Test
    void anItemMaySpeakOnlyForItsOwnKey() {
        VersionedSettings first = addFirst();
        put(
                TableLayout.key("fleet#" + database(), "instance#checkout#i-9"),
                Attributes.toItem(ReportCodec.toDocument(report("payments", "i-1", InstanceState.ACTIVE, 1))));
        put(TableLayout.history(database(), 3), Attributes.toItem(SettingsCodec.toDocument(first)));
        assertThat(operators.readFleet(database()).items()).isEmpty();
        assertThat(operators.readFleet(database()).unreadable()).singleElement().satisfies(each -> {
            assertThat(each.key()).isEqualTo("instance#checkout#i-9");
            assertThat(each.reason()).contains("payments/i-1", "another key");
        });
        assertThat(operators.readHistory(database(), 9).items()).containsExactly(first);
        assertThat(operators.readHistory(database(), 9).unreadable()).hasSize(1);
    }

    @Test
    void checkingAccessLeavesNoTrace() {
        int before = client.scan(b -> b.tableName(table).consistentRead(true)).count();
        operators.checkAccess();
        assertThat(client.scan(b -> b.tableName(table).consistentRead(true)).count())
                .isEqualTo(before);
    }

    @Test
    void describesTheTableWithRegionAndAddress() {
        assertThat(services.describe())
                .isEqualTo("table " + table + " in eu-central-1 at "
                        + LocalTable.server().endpoint());
    }
}
