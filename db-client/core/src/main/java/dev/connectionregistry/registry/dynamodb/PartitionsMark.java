package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * The item in the first partition that says how many report partitions there are. A service writes it before its first
 * report in another partition, so that no reader misses a report, whatever settings the reader knows. The number only
 * rises, and the item never expires.
 *
 * <p>A {@code registry-admin} of a release that knows only one partition takes this item for the report of a silent
 * instance: it refuses a cutover and names that instance, whose name says what to do.
 */
final class PartitionsMark {
    private static final String SERVICE = "reports-in-several-partitions";
    private static final String INSTANCE = "update-registry-admin";
    private static final String PARTITIONS = "partitions";

    private PartitionsMark() {}

    /**
     * Writes the mark unless it already has this number or a larger one. For code that already runs on another thread.
     */
    static void write(RegistryTable table, DatabaseName database, int partitions) {
        Map<String, AttributeValue> item = new HashMap<>(Attributes.toItem(ReportCodec.toDocument(report(database))));
        item.putAll(TableLayout.report(report(database), 0));
        AttributeValue number = AttributeValue.fromN(Integer.toString(partitions));
        item.put(PARTITIONS, number);
        try {
            table.observeClock(table.client()
                    .putItem(PutItemRequest.builder()
                            .tableName(table.name())
                            .item(item)
                            .conditionExpression("attribute_not_exists(pk) OR #partitions < :partitions")
                            .expressionAttributeNames(Map.of("#partitions", PARTITIONS))
                            .expressionAttributeValues(Map.of(":partitions", number))
                            .build()));
        } catch (ConditionalCheckFailedException e) {
            // the existing number is large enough
        }
    }

    /** Whether {@code item} of the first partition is the mark. */
    static boolean is(Map<String, AttributeValue> item, DatabaseName database) {
        AttributeValue expected = TableLayout.report(report(database), 0).get(TableLayout.SK);
        return expected != null && expected.equals(item.get(TableLayout.SK));
    }

    /** The number of partitions in the mark; the maximum if it can't be read. */
    static int partitions(Map<String, AttributeValue> item) {
        AttributeValue number = item.get(PARTITIONS);
        int most = VersionedSettings.MOST_REPORT_PARTITIONS;
        if (number == null || number.n() == null) {
            return most;
        }
        try {
            int partitions = Integer.parseInt(number.n());
            return partitions < 1 ? most : Math.min(partitions, most);
        } catch (NumberFormatException e) {
            return most;
        }
    }

    /** A report that has been silent since 1970. */
    private static InstanceReport report(DatabaseName database) {
        return InstanceReport.builder(database, SERVICE, INSTANCE).build();
    }
}
