package dev.connectionregistry.admin.cutover;

import java.time.Duration;

/**
 * A client session on the source, for people who must decide what to do about it. Never the text of its query, which may
 * contain data.
 *
 * @param pid the backend's number
 * @param role who is logged in
 * @param application its application name; {@code service/instance} for one of the fleet
 * @param state as the server says it, such as {@code idle in transaction}
 * @param transactionAge for how long its transaction has been open; zero if there is none
 */
public record ClientSession(int pid, String role, String application, String state, Duration transactionAge) {}
