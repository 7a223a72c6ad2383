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
 * The item in the first partition that says how many partitions of reports there are. A service writes it before its first report in
 * another one, so that no reader overlooks a report, whatever settings it knows. The number only rises, and the item never expires.
 *
 * <p>A {@code registry-admin} of a release that knows one partition takes it for the report of an instance that is silent: it
 * refuses a cutover and names this instance, whose name says what to do.
 */
final class PartitionsMark {
    private static final String SERVICE = "reports-in-several-partitions";
    private static final String INSTANCE = "update-registry-admin";
    private static final String PARTITIONS = "partitions";

    private PartitionsMark() {}

    /** Writes it, unless it says as many or more already. For those who are aside already. */
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
            // it says enough
        }
    }

    /** Whether {@code item} of the first partition is this one. */
    static boolean is(Map<String, AttributeValue> item, DatabaseName database) {
        AttributeValue expected = TableLayout.report(report(database), 0).get(TableLayout.SK);
        return expected != null && expected.equals(item.get(TableLayout.SK));
    }

    /** How many partitions it says; as many as there can be, if it can't be read. */
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

    /** Nobody has heard of it since 1970. */
    private static InstanceReport report(DatabaseName database) {
        return InstanceReport.builder(database, SERVICE, INSTANCE).build();
    }
}
