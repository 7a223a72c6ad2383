/** The meters of each checkout; needs Micrometer on the class path. */
@NullMarked
package dev.connectionregistry.internal.micrometer;

import org.jspecify.annotations.NullMarked;
