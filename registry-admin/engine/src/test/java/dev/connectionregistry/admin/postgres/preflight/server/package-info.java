/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.server;

import org.jspecify.annotations.NullMarked;
