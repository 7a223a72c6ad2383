/**
 * How a program follows the registry: one thread that decides, reads with jitter and back-off, the interpretation of
 * answers, the snapshot of the last good settings, and reports. The data source of {@code db-client} and {@code watch}
 * use it; internal.
 */
@NullMarked
package dev.connectionregistry.core.internal.follow;

import org.jspecify.annotations.NullMarked;
