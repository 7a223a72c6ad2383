package dev.connectionregistry.admin.history.check;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a history must come to.
 *
 * @param servers the ports of the servers that took writes, in this order, each until the next began; the last one survives
 * @param total the sum of all accounts
 * @param limit how long a caller may wait at most
 * @param killed processes that were killed: what they had under way has no end
 * @param frozen processes that were stopped for a while: their callers may have waited longer
 */
public record Expected(List<Integer> servers, long total, Duration limit, Set<String> killed, Set<String> frozen) {
    /** Nobody killed, nobody frozen. */
    public static Expected of(List<Integer> servers, long total, Duration limit) {
        return new Expected(servers, total, limit, Set.of(), Set.of());
    }

    /** The server on which everything must be in the end. */
    public int survivor() {
        return servers.get(servers.size() - 1);
    }
}
