/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight;

import org.jspecify.annotations.NullMarked;
