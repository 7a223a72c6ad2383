package dev.connectionregistry.registry.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Consistent queries over the items of one partition, page by page. Thread-safe. */
final class PartitionQueries {
    private final RegistryTable table;

    PartitionQueries(RegistryTable table) {
        this.table = table;
    }

    /** A query for the items under {@code pk} whose {@code sk} begins with {@code prefix}. */
    QueryRequest.Builder builder(String pk, String prefix) {
        return QueryRequest.builder()
                .tableName(table.name())
                .consistentRead(true)
                .keyConditionExpression("pk = :pk AND begins_with(sk, :prefix)")
                .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(pk), ":prefix", AttributeValue.fromS(prefix)));
    }

    /**
     * Every item under {@code pk} whose {@code sk} begins with {@code prefix}; for code that already runs on another
     * thread.
     */
    List<Map<String, AttributeValue>> allHere(String pk, String prefix) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        QueryRequest.Builder query = builder(pk, prefix);
        QueryResponse page;
        do {
            page = table.client().query(query.build());
            table.observeClock(page);
            items.addAll(page.items());
            query.exclusiveStartKey(page.lastEvaluatedKey());
        } while (!page.lastEvaluatedKey().isEmpty());
        return items;
    }

    /** Reads every item on every page until {@code wantsMore} returns false. */
    void forEach(String doing, QueryRequest.Builder query, Predicate<Map<String, AttributeValue>> wantsMore) {
        QueryResponse page;
        do {
            page = table.call(doing, () -> table.client().query(query.build()));
            table.observeClock(page);
            for (Map<String, AttributeValue> item : page.items()) {
                if (!wantsMore.test(item)) {
                    return;
                }
            }
            query.exclusiveStartKey(page.lastEvaluatedKey());
        } while (!page.lastEvaluatedKey().isEmpty());
    }
}
