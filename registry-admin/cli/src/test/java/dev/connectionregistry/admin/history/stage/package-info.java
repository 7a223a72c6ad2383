/** Real servers, the registry, a fleet of processes and the command line, each with its faults; begin at {@code Stage}. */
@NullMarked
package dev.connectionregistry.admin.history.stage;

import org.jspecify.annotations.NullMarked;
