/**
 * The control loop: one thread takes events, asks {@link dev.connectionregistry.internal.Decider} what follows, and runs
 * the effects. Slow work runs elsewhere and comes back as an event. Not API.
 *
 * <pre>
 *   registry ──read──►┐                       ┌──► generations: open, publish, resize, retire
 *   pools ──opened──► │  Event ► Decider ► Effect ──► timers: next poll, next attempt
 *   errors ──sign───► │   (ClientState)       ├──► snapshot, log
 *   timers ──due────►─┘                       └──► status ──► listeners, report, JMX, JFR, metrics
 * </pre>
 */
@NullMarked
package dev.connectionregistry.internal;

import org.jspecify.annotations.NullMarked;
