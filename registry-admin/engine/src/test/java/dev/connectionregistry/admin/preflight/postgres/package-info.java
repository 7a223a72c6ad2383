/** Tests. */
@NullMarked
package dev.connectionregistry.admin.preflight.postgres;

import org.jspecify.annotations.NullMarked;
