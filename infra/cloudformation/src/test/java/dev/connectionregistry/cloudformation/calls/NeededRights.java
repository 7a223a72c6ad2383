package dev.connectionregistry.cloudformation.calls;

import dev.connectionregistry.cloudformation.iam.Right;
import dev.connectionregistry.cloudformation.template.Stack;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * What AWS asks of a caller: a right named as the operation, on the table with the partition keys; for a transaction that of each
 * of its parts. An operation that isn't known here needs the right of its own name and touches no partition, so that it is allowed
 * only where a policy names it without a condition.
 */
final class NeededRights {
    private static final String PK = "pk";
    private static final Pattern PARTITION = Pattern.compile("\\bpk\\s*=\\s*(:\\w+)");

    private NeededRights() {}

    static List<Right> of(String service, String operation, SdkRequest request) {
        return switch (service) {
            case "DynamoDb" -> ofTable(operation, request);
            case "Secrets Manager", "SecretsManager" ->
                List.of(Right.of("secretsmanager:" + operation, secret(field(request, "SecretId"))));
            case "SSM", "Ssm" -> List.of(Right.of("ssm:" + operation, parameter(field(request, "Name"))));
            default -> List.of(Right.of(service.toLowerCase(Locale.ROOT) + ":" + operation, "*"));
        };
    }

    private static List<Right> ofTable(String operation, SdkRequest request) {
        if (request instanceof TransactWriteItemsRequest transaction) {
            return transaction.transactItems().stream().map(NeededRights::part).toList();
        }
        String action = "dynamodb:" + operation;
        String table = Stack.tableArn(field(request, "TableName"));
        if (request instanceof GetItemRequest get) {
            return List.of(Right.on(action, table, partition(get.key())));
        } else if (request instanceof PutItemRequest put) {
            return List.of(Right.on(action, table, partition(put.item())));
        } else if (request instanceof QueryRequest query) {
            return List.of(Right.on(action, table, partition(query)));
        }
        return List.of(Right.of(action, table));
    }

    private static Right part(TransactWriteItem item) {
        if (item.put() != null) {
            return part("PutItem", item.put().tableName(), item.put().item());
        } else if (item.conditionCheck() != null) {
            return part(
                    "ConditionCheckItem",
                    item.conditionCheck().tableName(),
                    item.conditionCheck().key());
        } else if (item.update() != null) {
            return part("UpdateItem", item.update().tableName(), item.update().key());
        }
        return part("DeleteItem", item.delete().tableName(), item.delete().key());
    }

    private static Right part(String action, String table, Map<String, AttributeValue> item) {
        return Right.on("dynamodb:" + action, Stack.tableArn(table), partition(item));
    }

    private static String partition(Map<String, AttributeValue> item) {
        return text(item, PK);
    }

    private static String partition(QueryRequest query) {
        Matcher matcher = PARTITION.matcher(query.keyConditionExpression());
        if (!matcher.find()) {
            throw new IllegalStateException("no partition in " + query.keyConditionExpression());
        }
        return text(query.expressionAttributeValues(), matcher.group(1));
    }

    private static String text(Map<String, AttributeValue> values, String name) {
        return Objects.requireNonNull(values.get(name), name).s();
    }

    private static String field(SdkRequest request, String name) {
        Optional<String> value = request.getValueForField(name, String.class);
        return value.orElseThrow(() -> new IllegalStateException(request.getClass() + " has no " + name));
    }

    /** Secrets Manager adds six characters to the name. */
    private static String secret(String id) {
        return id.startsWith("arn:")
                ? id
                : "arn:aws:secretsmanager:" + Stack.REGION + ":" + Stack.ACCOUNT + ":secret:" + id + "-AbCdEf";
    }

    private static String parameter(String name) {
        return name.startsWith("arn:")
                ? name
                : "arn:aws:ssm:" + Stack.REGION + ":" + Stack.ACCOUNT + ":parameter" + name;
    }
}
