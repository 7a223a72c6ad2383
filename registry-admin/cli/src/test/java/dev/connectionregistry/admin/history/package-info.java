/**
 * Whole cutovers on real servers: a fleet of processes writes without a pause while the command line moves it, something is
 * killed, frozen or cut off, and afterwards every operation that was ever acknowledged is looked for. {@code check} judges
 * a history, {@code service} makes it, {@code stage} holds the servers and processes.
 */
@NullMarked
package dev.connectionregistry.admin.history;

import org.jspecify.annotations.NullMarked;
