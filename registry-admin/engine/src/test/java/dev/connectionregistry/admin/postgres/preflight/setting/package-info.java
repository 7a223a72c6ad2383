/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.setting;

import org.jspecify.annotations.NullMarked;
