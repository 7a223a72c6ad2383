package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A registry that counts the reads and the reports of each second. Each is one request to the table. Thread-safe. */
final class CountingRegistry implements SettingsRegistry {
    private final SettingsRegistry registry;
    private final Map<Long, Integer> reads = new ConcurrentHashMap<>();
    private final Map<Long, Integer> writes = new ConcurrentHashMap<>();

    /** Asks {@code registry}, which stays the caller's. */
    CountingRegistry(SettingsRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ReadResult read(DatabaseName database) {
        count(reads);
        return registry.read(database);
    }

    @Override
    public Optional<InstanceReport> report(InstanceReport report) {
        count(writes);
        return registry.report(report);
    }

    @Override
    public String describe() {
        return registry.describe();
    }

    /** How many reads there were, by second of the epoch. */
    Map<Long, Integer> reads() {
        return new TreeMap<>(reads);
    }

    /** How many reports there were, by second of the epoch. */
    Map<Long, Integer> writes() {
        return new TreeMap<>(writes);
    }

    private static void count(Map<Long, Integer> requests) {
        requests.merge(Instant.now().getEpochSecond(), 1, Integer::sum);
    }
}
