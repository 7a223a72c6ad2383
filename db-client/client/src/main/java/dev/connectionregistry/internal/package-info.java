/**
 * The control loop: one thread takes events, lets each event decide what follows, and executes the effects. Slow work
 * runs elsewhere and comes back as an event. Not API.
 *
 * <pre>
 *   registry ──read──►┐                           ┌──► generations: open, publish, resize, retire
 *   pools ──opened──► │ Event.decide ► Effect.on ──► timers: next poll, next attempt
 *   errors ──sign───► │   (ClientState) (Actions) ├──► snapshot, log
 *   timers ──due────►─┘                           └──► status ──► listeners, report, JMX, JFR, metrics
 * </pre>
 */
@NullMarked
package dev.connectionregistry.internal;

import org.jspecify.annotations.NullMarked;
