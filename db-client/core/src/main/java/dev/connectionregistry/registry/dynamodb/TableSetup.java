package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Creates the table if necessary, and checks that it is the right one. Each step checks before it acts and accepts that
 * another process was faster, so the setup is safe to repeat and to run twice at once.
 */
final class TableSetup {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Map<String, String> KEYS = Map.of("HASH", "pk (S)", "RANGE", "sk (S)");

    private final RegistryTable table;

    TableSetup(RegistryTable table) {
        this.table = table;
    }

    /** Creates the table if it doesn't exist; returns whether it did. */
    boolean createIfMissing() {
        return table.call("creating the table", () -> {
            Optional<TableDescription> existing = describe();
            existing.ifPresent(this::requireOurKeys);
            boolean created = existing.isEmpty() && create();
            requireOurKeys(awaitActive());
            enableTimeToLive();
            return created;
        });
    }

    private Optional<TableDescription> describe() {
        try {
            return Optional.of(
                    table.client().describeTable(b -> b.tableName(table.name())).table());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private boolean create() {
        try {
            table.client().createTable(b -> b.tableName(table.name())
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(key(TableLayout.PK, KeyType.HASH), key(TableLayout.SK, KeyType.RANGE))
                    .attributeDefinitions(text(TableLayout.PK), text(TableLayout.SK)));
            return true;
        } catch (ResourceInUseException e) {
            return false;
        }
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private TableDescription awaitActive() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<TableDescription> described = describe();
            TableStatus status = described.map(TableDescription::tableStatus).orElse(TableStatus.CREATING);
            if (status == TableStatus.ACTIVE || status == TableStatus.UPDATING) {
                return described.orElseThrow();
            }
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new RegistryException(
                        Kind.UNREACHABLE,
                        table.describe() + " is " + status + " and not yet ACTIVE: run 'registry-admin init' again",
                        null);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private void requireOurKeys(TableDescription described) {
        Map<String, String> types = new TreeMap<>();
        described.attributeDefinitions().forEach(each -> types.put(each.attributeName(), each.attributeTypeAsString()));
        Map<String, String> keys = new TreeMap<>();
        described
                .keySchema()
                .forEach(each -> keys.put(
                        each.keyTypeAsString(), each.attributeName() + " (" + types.get(each.attributeName()) + ")"));
        if (!keys.equals(KEYS)) {
            throw new RegistryException(
                    Kind.INVALID,
                    table.describe() + " is not a registry: its keys are " + keys + " instead of "
                            + new TreeMap<>(KEYS) + ". Name another table with --table or "
                            + TableLocation.TABLE_VARIABLE,
                    null);
        }
    }

    private void enableTimeToLive() {
        if (isTimeToLiveOn()) {
            return;
        }
        try {
            table.client().updateTimeToLive(b -> b.tableName(table.name())
                    .timeToLiveSpecification(
                            s -> s.attributeName(TableLayout.EXPIRES_AT).enabled(true)));
        } catch (DynamoDbException e) {
            if (!isTimeToLiveOn()) { // otherwise another process was faster
                throw e;
            }
        }
    }

    private boolean isTimeToLiveOn() {
        TimeToLiveDescription ttl = table.client()
                .describeTimeToLive(b -> b.tableName(table.name()))
                .timeToLiveDescription();
        boolean on = ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
        if (on && !TableLayout.EXPIRES_AT.equals(ttl.attributeName())) {
            throw new RegistryException(
                    Kind.INVALID,
                    table.describe() + " uses another attribute for its time to live, '" + ttl.attributeName()
                            + "' instead of '" + TableLayout.EXPIRES_AT + "': switch it off first",
                    null);
        }
        return on;
    }
}
