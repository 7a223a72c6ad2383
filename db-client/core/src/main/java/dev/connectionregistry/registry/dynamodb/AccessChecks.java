package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryAdministration.AccessCheck;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Tries each right that an operator needs. Reads ask for keys that no database can have; writes have a condition that
 * can't hold, since AWS checks the right before the condition. Nothing is changed.
 */
final class AccessChecks {
    private final RegistryTable table;
    private final List<AccessCheck> checks = new ArrayList<>();
    private boolean pointless;

    AccessChecks(RegistryTable table) {
        this.table = table;
    }

    List<AccessCheck> run() {
        DynamoDbClient client = table.client();
        String name = table.name();
        attempt(
                "dynamodb:DescribeTable",
                () -> "the table is "
                        + client.describeTable(b -> b.tableName(name)).table().tableStatusAsString());
        attempt(
                "dynamodb:DescribeTimeToLive",
                () -> timeToLive(
                        client.describeTimeToLive(b -> b.tableName(name)).timeToLiveDescription()));
        attempt("dynamodb:GetItem on " + TableLayout.SETTINGS + "*", () -> {
            table.get(TableLayout.key(TableLayout.SETTINGS + TableLayout.ACCESS_CHECK, TableLayout.CURRENT));
            return "can read";
        });
        attempt("dynamodb:Query on " + TableLayout.HISTORY + "*", () -> query(TableLayout.HISTORY));
        attempt("dynamodb:Query on " + TableLayout.FLEET + "*", () -> query(TableLayout.FLEET));
        attempt("dynamodb:Scan", () -> {
            client.scan(b -> b.tableName(name).limit(1));
            return "can list";
        });
        attempt(
                "dynamodb:PutItem on " + TableLayout.SETTINGS + "* and " + TableLayout.HISTORY + "*, in a transaction",
                () -> impossibleWrite(
                        impossiblePut(TableLayout.SETTINGS, TableLayout.CURRENT),
                        impossiblePut(TableLayout.HISTORY, TableLayout.VERSION + "000000000000")));
        attempt("dynamodb:GetItem on " + TableLayout.CUTOVER + "*, for cutovers", () -> {
            table.get(TableLayout.key(TableLayout.CUTOVER + TableLayout.ACCESS_CHECK, TableLayout.LOCK));
            return "can read";
        });
        attempt("dynamodb:Query on " + TableLayout.CUTOVER + "*, for cutovers", () -> query(TableLayout.CUTOVER));
        attempt(
                "dynamodb:PutItem and dynamodb:ConditionCheckItem on " + TableLayout.CUTOVER
                        + "*, in a transaction, for cutovers",
                () -> impossibleWrite(impossiblePut(TableLayout.CUTOVER, TableLayout.RUN), impossibleDemand()));
        return List.copyOf(checks);
    }

    private String query(String prefix) {
        table.client().query(b -> b.tableName(table.name())
                .limit(1)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(prefix + TableLayout.ACCESS_CHECK))));
        return "can read";
    }

    private String impossibleWrite(TransactWriteItem... items) {
        try {
            table.client().transactWriteItems(b -> b.transactItems(items));
        } catch (ConditionalCheckFailedException e) {
            return "can write";
        } catch (TransactionCanceledException e) {
            if (e.cancellationReasons().stream().anyMatch(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                return "can write";
            }
            throw e;
        }
        throw new RegistryException(
                Kind.INVALID, "a write succeeded although its condition can't hold: is this really DynamoDB?", null);
    }

    private TransactWriteItem impossiblePut(String prefix, String sk) {
        Put put = Put.builder()
                .tableName(table.name())
                .item(TableLayout.key(prefix + TableLayout.ACCESS_CHECK, sk))
                .conditionExpression("attribute_exists(pk)")
                .build();
        return TransactWriteItem.builder().put(put).build();
    }

    private TransactWriteItem impossibleDemand() {
        return TransactWriteItem.builder()
                .conditionCheck(ConditionCheck.builder()
                        .tableName(table.name())
                        .key(TableLayout.key(TableLayout.CUTOVER + TableLayout.ACCESS_CHECK, TableLayout.LOCK))
                        .conditionExpression("attribute_exists(pk)")
                        .build())
                .build();
    }

    private static String timeToLive(TimeToLiveDescription ttl) {
        boolean on = ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
        if (on && TableLayout.EXPIRES_AT.equals(ttl.attributeName())) {
            return "old reports are deleted by the table";
        }
        throw new RegistryException(
                Kind.INVALID,
                "the table's time to live is not on '" + TableLayout.EXPIRES_AT
                        + "', so reports of vanished instances stay in it: run 'registry-admin init'",
                null);
    }

    /**
     * Runs one attempt; once it is clear that there is no table, no answer or no credentials, the remaining attempts
     * are skipped.
     */
    private void attempt(String what, Supplier<String> attempt) {
        if (pointless) {
            checks.add(new AccessCheck(what, false, "not tried, because of the failure above"));
            return;
        }
        try {
            checks.add(new AccessCheck(what, true, attempt.get()));
        } catch (RuntimeException e) {
            RegistryException problem = table.failures().translate("trying " + what, e);
            pointless = problem.kind() == Kind.UNREACHABLE
                    || problem.kind() == Kind.TABLE_MISSING
                    || DynamoDbErrors.isAboutCredentials(problem);
            checks.add(new AccessCheck(what, false, String.valueOf(problem.getMessage())));
        }
    }
}
