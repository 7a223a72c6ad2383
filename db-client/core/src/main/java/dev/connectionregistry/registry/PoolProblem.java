package dev.connectionregistry.registry;

import java.time.Instant;

/**
 * What is wrong now with the current pool: it can't open connections, or its server refuses what the settings' role
 * needs.
 *
 * @param cause what the server or the network reported, without secrets
 * @param since when it began, by the instance's clock
 */
public record PoolProblem(String cause, Instant since) {}
