/** Tests. */
@NullMarked
package dev.connectionregistry.admin.common;

import org.jspecify.annotations.NullMarked;
