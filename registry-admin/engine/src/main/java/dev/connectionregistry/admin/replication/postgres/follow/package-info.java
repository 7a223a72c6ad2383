/** The proof that a target's subscription reads from a source's slot: by positions in the log, never by names alone. */
@NullMarked
package dev.connectionregistry.admin.replication.postgres.follow;

import org.jspecify.annotations.NullMarked;
