/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.data;

import org.jspecify.annotations.NullMarked;
