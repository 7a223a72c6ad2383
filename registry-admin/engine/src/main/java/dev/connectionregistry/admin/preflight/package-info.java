/**
 * What is looked at before a fleet moves, and while its data does: {@link dev.connectionregistry.admin.preflight.Preflight} makes
 * every check and judges nothing itself. Values, the use case, and the port to the two servers; SQL is behind the port.
 */
@NullMarked
package dev.connectionregistry.admin.preflight;

import org.jspecify.annotations.NullMarked;
