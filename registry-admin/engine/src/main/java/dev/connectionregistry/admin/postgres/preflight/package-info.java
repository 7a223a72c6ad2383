/**
 * The checks that are made on the two servers: {@link dev.connectionregistry.admin.postgres.preflight.PostgresChecks} has them all, and
 * what they
 * look through is in {@code ground}. One class for each check, in a package for each group.
 */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight;

import org.jspecify.annotations.NullMarked;
