/** The contracts of the registry, on the DynamoDB of LocalStack. */
@NullMarked
package dev.connectionregistry.registry.dynamodb;

import org.jspecify.annotations.NullMarked;
