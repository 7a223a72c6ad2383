/** The commands that move a fleet, and what they print. */
@NullMarked
package dev.connectionregistry.admin.cli.move;

import org.jspecify.annotations.NullMarked;
