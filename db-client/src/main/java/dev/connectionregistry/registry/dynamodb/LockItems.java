package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The lock of a cutover as an item, and what transactions demand of it. The one place that knows its attributes. */
final class LockItems {
    private static final String EPOCH = "epoch";
    private static final String HELD = "held";
    private static final String TOKEN = "token";

    private LockItems() {}

    /**
     * The lock in an item; empty if there is no item.
     *
     * @throws InvalidSettingsException if it isn't one
     */
    static Optional<CutoverLock> lock(Map<String, AttributeValue> item) {
        if (item.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> document = Attributes.toDocument(item);
        try {
            return Optional.of(new CutoverLock(
                    new DatabaseName(value(document, "database", String.class)),
                    value(document, EPOCH, Long.class),
                    value(document, "runId", String.class),
                    value(document, HELD, Boolean.class),
                    value(document, TOKEN, String.class),
                    value(document, "by", String.class),
                    Instant.parse(value(document, "at", String.class))));
        } catch (DateTimeException e) {
            throw new InvalidSettingsException("the lock of a cutover has an unreadable time: " + e.getMessage());
        }
    }

    private static <T> T value(Map<String, Object> document, String name, Class<T> type) {
        Object value = document.get(name);
        if (!type.isInstance(value)) {
            throw new InvalidSettingsException("the lock of a cutover is unreadable: attribute '" + name
                    + "' is missing or no " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** Puts {@code next}, on condition that the epoch before it stands. */
    static TransactWriteItem put(String table, CutoverLock next) {
        Put.Builder put = Put.builder().tableName(table).item(item(next));
        if (next.epoch() == 1) {
            put.conditionExpression("attribute_not_exists(pk)");
        } else {
            put.conditionExpression("#epoch = :before")
                    .expressionAttributeNames(Map.of("#epoch", EPOCH))
                    .expressionAttributeValues(
                            Map.of(":before", AttributeValue.fromN(Long.toString(next.epoch() - 1))));
        }
        return TransactWriteItem.builder().put(put.build()).build();
    }

    private static Map<String, AttributeValue> item(CutoverLock lock) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", lock.database().value());
        document.put(EPOCH, lock.epoch());
        document.put("runId", lock.runId());
        document.put(HELD, lock.held());
        document.put(TOKEN, lock.token());
        document.put("by", lock.by());
        document.put("at", lock.at().toString());
        Map<String, AttributeValue> item = Attributes.toItem(document);
        item.putAll(Layout.lock(lock.database()));
        return item;
    }

    /** Demands that {@code held} is the lock that stands; tells the one that does if it isn't. */
    static TransactWriteItem demand(String table, CutoverLock held) {
        return TransactWriteItem.builder()
                .conditionCheck(ConditionCheck.builder()
                        .tableName(table)
                        .key(Layout.lock(held.database()))
                        .conditionExpression("#epoch = :epoch AND #held = :true AND #token = :token")
                        .expressionAttributeNames(Map.of("#epoch", EPOCH, "#held", HELD, "#token", TOKEN))
                        .expressionAttributeValues(Map.of(
                                ":epoch", AttributeValue.fromN(Long.toString(held.epoch())),
                                ":true", AttributeValue.fromBool(true),
                                ":token", AttributeValue.fromS(held.token())))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
    }
}
