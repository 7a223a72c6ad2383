/** Holds the templates against what the code really does. */
@NullMarked
package dev.connectionregistry.cloudformation;

import org.jspecify.annotations.NullMarked;
