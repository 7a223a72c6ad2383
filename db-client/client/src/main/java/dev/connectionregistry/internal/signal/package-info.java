/**
 * Signals between the coordinator of a cutover and this instance, over a session on the target (docs/adr/0032). They make a cutover
 * faster and change no outcome. Entry type: {@link dev.connectionregistry.internal.signal.TargetSignals}.
 */
@NullMarked
package dev.connectionregistry.internal.signal;

import org.jspecify.annotations.NullMarked;
