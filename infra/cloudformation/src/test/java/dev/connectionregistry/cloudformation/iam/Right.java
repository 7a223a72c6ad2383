package dev.connectionregistry.cloudformation.iam;

import java.util.Set;

/**
 * What a call needs: IAM decides on each.
 *
 * @param action such as {@code dynamodb:GetItem}
 * @param resource its ARN
 * @param leadingKeys the partition keys that are touched; empty where the call names none, as a scan
 */
public record Right(String action, String resource, Set<String> leadingKeys) {
    /** Copies the keys. */
    public Right {
        leadingKeys = Set.copyOf(leadingKeys);
    }

    /** On one partition. */
    public static Right on(String action, String resource, String leadingKey) {
        return new Right(action, resource, Set.of(leadingKey));
    }

    /** On no partition in particular. */
    public static Right of(String action, String resource) {
        return new Right(action, resource, Set.of());
    }
}
