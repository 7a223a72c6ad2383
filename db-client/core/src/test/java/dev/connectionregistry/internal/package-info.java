/** Tests. */
@NullMarked
package dev.connectionregistry.internal;

import org.jspecify.annotations.NullMarked;
