/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.replicating;

import org.jspecify.annotations.NullMarked;
