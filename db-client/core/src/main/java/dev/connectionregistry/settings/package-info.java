/**
 * API: the values that say how to reach a database: immutable, validated, without I/O. Entry type:
 * {@link dev.connectionregistry.settings.ConnectionSettings}.
 *
 * <p>Each rule about a value is in the type of that value and nowhere else; the command line, the table's codec, the
 * snapshot and the fallback in code all use it.
 */
@NullMarked
package dev.connectionregistry.settings;

import org.jspecify.annotations.NullMarked;
