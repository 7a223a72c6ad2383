/** When things are tried again. */
@NullMarked
package dev.connectionregistry.internal.poll;

import org.jspecify.annotations.NullMarked;
