/** Tests of the proof as a decision. */
@NullMarked
package dev.connectionregistry.admin.replication.postgres.follow;

import org.jspecify.annotations.NullMarked;
