package dev.connectionregistry.cloudformation.calls;

import dev.connectionregistry.cloudformation.iam.Right;
import java.util.List;

/**
 * A request that was sent to AWS, whatever was answered.
 *
 * @param who the access key that signed it
 * @param operation such as {@code DynamoDb.GetItem}
 * @param rights what it needs; several for a transaction
 */
public record Call(String who, String operation, List<Right> rights) {
    /** Copies the list. */
    public Call {
        rights = List.copyOf(rights);
    }
}
