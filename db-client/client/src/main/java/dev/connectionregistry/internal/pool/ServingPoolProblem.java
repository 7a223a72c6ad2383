package dev.connectionregistry.internal.pool;

/**
 * What is wrong now with the pool that serves.
 *
 * @param cause what the server or the network said, without secrets
 * @param sinceNanos since when, on the monotonic clock
 */
public record ServingPoolProblem(String cause, long sinceNanos) {}
