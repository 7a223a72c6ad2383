package dev.connectionregistry.admin.cutover.server;

/**
 * What was seen of a fence that holds.
 *
 * @param sessionsEnded client sessions that were ended when it went up
 * @param refusal how the server refused the probe's write, such as {@code 25006}
 */
public record FenceProof(int sessionsEnded, String refusal) {}
