/** Tests. */
@NullMarked
package dev.connectionregistry.admin.preflight.fleet;

import org.jspecify.annotations.NullMarked;
