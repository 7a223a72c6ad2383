/**
 * API: the values that say how a database is reached: immutable, validated, with no I/O. Entry type:
 * {@link dev.connectionregistry.settings.ConnectionSettings}.
 *
 * <p>Each rule about what a value may be is in the type of that value and nowhere else; the command line, the
 * table's codec, the snapshot and the fallback given in code all go through it.
 */
@NullMarked
package dev.connectionregistry.settings;

import org.jspecify.annotations.NullMarked;
