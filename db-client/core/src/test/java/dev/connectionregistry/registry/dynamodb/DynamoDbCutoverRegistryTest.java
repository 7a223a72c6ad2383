package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.CutoverRegistryContract;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbCutoverRegistryTest extends CutoverRegistryContract {
    private static final DatabaseName SALES = new DatabaseName("sales");

    private static DynamoDbClient client;
    private static String table;
    private static DynamoDbRegistryAdministration operators;

    @BeforeAll
    static void open() {
        client = LocalTable.client();
        table = LocalTable.create(client);
        operators = new DynamoDbRegistryAdministration(client, table);
    }

    @AfterAll
    static void close() {
        operators.close();
        client.close();
    }

    @Override
    protected CutoverRegistry cutovers() {
        return operators.cutovers();
    }

    @Override
    protected RegistryAdministration operators() {
        return operators;
    }

    private static CutoverLock lock(String database) {
        return new CutoverLock(
                new DatabaseName(database),
                1,
                "c-1",
                true,
                "t-1",
                "alice@laptop",
                Instant.parse("2026-11-01T12:00:00Z"));
    }

    @Test
    void theLockItemCanBeReadByAPerson() {
        assertThat(cutovers().writeLock(lock("readable"))).isTrue();
        Map<String, AttributeValue> expected = new HashMap<>(TableLayout.key("cutover#readable", "lock"));
        expected.put("database", AttributeValue.fromS("readable"));
        expected.put("epoch", AttributeValue.fromN("1"));
        expected.put("runId", AttributeValue.fromS("c-1"));
        expected.put("held", AttributeValue.fromBool(true));
        expected.put("token", AttributeValue.fromS("t-1"));
        expected.put("by", AttributeValue.fromS("alice@laptop"));
        expected.put("at", AttributeValue.fromS("2026-11-01T12:00:00Z"));
        assertThat(item(TableLayout.lock(new DatabaseName("readable")))).isEqualTo(expected);
    }

    @Test
    void theJournalItemIsTheDocumentWithKeyAndWriteId() {
        CutoverLock held = lock("journalled");
        cutovers().writeLock(held);
        cutovers().writeJournal(held, Map.of("startedAt", "2026-11-01T12:00:00Z"));
        assertThat(item(TableLayout.run(held.database(), "c-1")))
                .containsEntry("startedAt", AttributeValue.fromS("2026-11-01T12:00:00Z"))
                .containsEntry("pk", AttributeValue.fromS("cutover#journalled"))
                .containsEntry("sk", AttributeValue.fromS("run#c-1"))
                .containsOnlyKeys("pk", "sk", "writeId", "startedAt");
    }

    private static Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
        return client.getItem(b -> b.tableName(table).key(key)).item();
    }

    @Test
    void aLockThatSomebodySpoiledIsNamedAndNotTakenForNone() {
        Map<String, AttributeValue> spoiled = new HashMap<>(TableLayout.lock(SALES));
        spoiled.put("epoch", AttributeValue.fromS("seven"));
        client.putItem(b -> b.tableName(table).item(spoiled));
        assertThatThrownBy(() -> cutovers().lock(SALES))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("cutover lock of 'sales'");
    }

    @Test
    void aWriteOfAnInterruptedThreadIsNotBegun() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> cutovers().writeLock(lock("interrupted")))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("not started");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(cutovers().lock(new DatabaseName("interrupted"))).isEmpty();
    }

    @Test
    void aJournalThatIsTooLargeIsRefusedWithTheReason() {
        CutoverLock held = lock("large");
        cutovers().writeLock(held);
        assertThatThrownBy(() -> cutovers().writeJournal(held, Map.of("note", "x".repeat(410_000))))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("size");
        assertThat(cutovers().journal(held.database(), "c-1")).isEmpty();
    }

    @Test
    void theLockOfAnotherNameOfARunAndTheReferenceToItsJournalCanBeReadByAPerson() {
        DatabaseName home = new DatabaseName("home");
        CutoverLock second = new CutoverLock(
                new DatabaseName("second"),
                1,
                "c-1",
                true,
                "t-2",
                "alice",
                Instant.parse("2026-11-01T12:00:00Z"),
                home);
        assertThat(cutovers().writeLocks(List.of(lock("home"), second))).isTrue();
        assertThat(item(TableLayout.lock(second.database()))).containsEntry("journal", AttributeValue.fromS("home"));
        Map<String, AttributeValue> expected = new HashMap<>(TableLayout.key("cutover#second", "run#c-1"));
        expected.put("id", AttributeValue.fromS("c-1"));
        expected.put("startedAt", AttributeValue.fromS("2026-11-01T12:00:00Z"));
        expected.put("journal", AttributeValue.fromS("home"));
        assertThat(item(TableLayout.run(second.database(), "c-1"))).isEqualTo(expected);
        assertThat(item(TableLayout.run(home, "c-1"))).isEmpty();
    }
}
