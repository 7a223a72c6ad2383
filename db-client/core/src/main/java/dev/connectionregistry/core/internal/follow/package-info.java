/**
 * How a program follows the registry: one thread that decides, reads with jitter and back-off, what an answer means, the snapshot of
 * the last good settings, and reports. Used by the data source of {@code db-client} and by {@code watch}; internal.
 */
@NullMarked
package dev.connectionregistry.core.internal.follow;

import org.jspecify.annotations.NullMarked;
