/** Tests. */
@NullMarked
package dev.connectionregistry.registry.dynamodb;

import org.jspecify.annotations.NullMarked;
