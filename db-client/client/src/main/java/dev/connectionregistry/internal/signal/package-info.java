/**
 * Hints between the coordinator of a cutover and its instances, over LISTEN and NOTIFY on the target. They make a cutover
 * faster and are only hints, never trusted. Entry type: {@link dev.connectionregistry.internal.signal.TargetSignals}.
 */
@NullMarked
package dev.connectionregistry.internal.signal;

import org.jspecify.annotations.NullMarked;
