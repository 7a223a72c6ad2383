package dev.connectionregistry.admin.cutover.fence;

/**
 * The fence is down. A session keeps the default that it began with, so those that began under the fence would go on
 * refusing writes; they are ended.
 *
 * @param sessionsEnded how many sessions were ended
 * @param left which sessions could not be ended, and why, for people; empty if none
 */
public record FenceDown(int sessionsEnded, String left) {}
