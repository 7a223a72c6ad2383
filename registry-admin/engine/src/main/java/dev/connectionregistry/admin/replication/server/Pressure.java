package dev.connectionregistry.admin.replication.server;

import java.time.Duration;

/**
 * What keeps a server from cleaning up.
 *
 * @param oldest how long the oldest transaction has been open
 * @param owner whose it is, such as {@code app (pid 123)}; empty if there is none
 * @param retained bytes of WAL that the slot which is furthest behind keeps
 * @param slot that one; empty if there is none
 * @param unseen the statement that would show the age of other roles' transactions; empty if it is seen
 */
public record Pressure(Duration oldest, String owner, long retained, String slot, String unseen) {}
