package dev.connectionregistry.internal.pool;

/**
 * What is wrong with the current pool now.
 *
 * @param cause what the server or the network reported, without secrets
 * @param sinceNanos since when, on the monotonic clock
 */
public record ServingPoolProblem(String cause, long sinceNanos) {}
