/** Tests. */
@NullMarked
package dev.connectionregistry;

import org.jspecify.annotations.NullMarked;
