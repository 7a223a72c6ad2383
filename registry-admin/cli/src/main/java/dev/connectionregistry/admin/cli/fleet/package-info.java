/** The state of a fleet: the command and what it prints. */
@NullMarked
package dev.connectionregistry.admin.cli.fleet;

import org.jspecify.annotations.NullMarked;
