/** Reads from both servers how the replication between them goes. */
@NullMarked
package dev.connectionregistry.admin.postgres.progress;

import org.jspecify.annotations.NullMarked;
