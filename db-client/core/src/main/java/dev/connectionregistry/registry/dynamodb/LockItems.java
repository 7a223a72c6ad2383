package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.codec.LockCodec;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Converts a cutover's lock to an item, and builds the conditions that transactions place on it. */
final class LockItems {
    private LockItems() {}

    /**
     * Reads the lock in the item stored as {@code database}'s lock; empty if there is no item.
     *
     * @throws InvalidSettingsException if the item isn't a lock
     */
    static Optional<CutoverLock> lock(DatabaseName database, Map<String, AttributeValue> item) {
        return item.isEmpty() ? Optional.empty() : Optional.of(LockCodec.lock(database, Attributes.toDocument(item)));
    }

    /** Puts {@code next}, on condition that the previous epoch is current. */
    static TransactWriteItem put(String table, CutoverLock next) {
        Put.Builder put = Put.builder().tableName(table).item(item(next));
        if (next.epoch() == 1) {
            put.conditionExpression("attribute_not_exists(pk)");
        } else {
            put.conditionExpression("#epoch = :before")
                    .expressionAttributeNames(Map.of("#epoch", LockCodec.EPOCH))
                    .expressionAttributeValues(
                            Map.of(":before", AttributeValue.fromN(Long.toString(next.epoch() - 1))));
        }
        return TransactWriteItem.builder().put(put.build()).build();
    }

    private static Map<String, AttributeValue> item(CutoverLock lock) {
        Map<String, AttributeValue> item = Attributes.toItem(LockCodec.toDocument(lock));
        item.putAll(TableLayout.lock(lock.database()));
        return item;
    }

    /** Puts a reference in the place of the journal: it says which database keeps the journal of {@code lock}'s run. */
    static TransactWriteItem reference(String table, CutoverLock lock) {
        Map<String, AttributeValue> item = Attributes.toItem(LockCodec.reference(lock));
        item.putAll(TableLayout.run(lock.database(), lock.runId()));
        return TransactWriteItem.builder()
                .put(Put.builder().tableName(table).item(item).build())
                .build();
    }

    /** Requires that {@code held} is the current lock; returns the current one if it isn't. */
    static TransactWriteItem demand(String table, CutoverLock held) {
        return TransactWriteItem.builder()
                .conditionCheck(ConditionCheck.builder()
                        .tableName(table)
                        .key(TableLayout.lock(held.database()))
                        .conditionExpression("#epoch = :epoch AND #held = :true AND #token = :token")
                        .expressionAttributeNames(
                                Map.of("#epoch", LockCodec.EPOCH, "#held", LockCodec.HELD, "#token", LockCodec.TOKEN))
                        .expressionAttributeValues(Map.of(
                                ":epoch", AttributeValue.fromN(Long.toString(held.epoch())),
                                ":true", AttributeValue.fromBool(true),
                                ":token", AttributeValue.fromS(held.token())))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
    }
}
