package dev.connectionregistry.admin.replication.status;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A logical slot of the database. Immutable.
 *
 * @param name its name
 * @param plugin what decodes for it
 * @param active whether somebody is connected to it
 * @param confirmed the position up to which its reader has everything; empty if it never said
 * @param behind bytes of log from there to the end
 * @param retained bytes of log that the server keeps because of it
 * @param walStatus what the server says of that log: {@code reserved}, {@code extended}, {@code unreserved}, {@code lost}; empty
 *     before Postgres 13
 * @param safe bytes that may still be written before the slot is in danger; empty without such a limit
 * @param delay how long its reader took lately from receiving to having on disk, where the server tells
 */
public record SlotFacts(
        String name,
        String plugin,
        boolean active,
        OptionalLong confirmed,
        OptionalLong behind,
        OptionalLong retained,
        String walStatus,
        OptionalLong safe,
        Optional<Duration> delay) {}
