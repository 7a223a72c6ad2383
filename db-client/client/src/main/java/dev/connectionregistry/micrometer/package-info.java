/** API: the status as Micrometer meters; needs Micrometer on the class path. */
@NullMarked
package dev.connectionregistry.micrometer;

import org.jspecify.annotations.NullMarked;
