package dev.connectionregistry.admin.history.check;

import java.util.List;
import java.util.Map;

/**
 * What is on one server afterwards.
 *
 * @param port which server
 * @param entries every row, whoever took it
 * @param counters by writer
 * @param total the sum of all accounts
 * @param commits when transactions that this server itself took committed, by its clock, in microseconds; not those that
 *     came by replication, and not those whose every row was changed again later
 */
public record Contents(int port, List<Entry> entries, Map<String, Long> counters, long total, List<Long> commits) {}
