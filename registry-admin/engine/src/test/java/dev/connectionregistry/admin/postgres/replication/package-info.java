/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.replication;

import org.jspecify.annotations.NullMarked;
