package dev.connectionregistry.admin.cutover.fence;

/**
 * The fence is down. A session keeps the default that it began with, so those that began under the fence would go on refusing
 * writes; they are ended.
 *
 * @param sessionsEnded how many were
 * @param left which could not be, and why, for people; empty if none
 */
public record FenceDown(int sessionsEnded, String left) {}
