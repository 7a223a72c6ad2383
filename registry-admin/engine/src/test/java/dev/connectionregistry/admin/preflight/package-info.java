/** Tests. */
@NullMarked
package dev.connectionregistry.admin.preflight;

import org.jspecify.annotations.NullMarked;
