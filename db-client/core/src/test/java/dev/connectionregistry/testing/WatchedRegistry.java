package dev.connectionregistry.testing;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A registry that keeps count of what it is asked and told, and refuses reports when told to. Thread-safe. */
public final class WatchedRegistry implements SettingsRegistry {
    private final SettingsRegistry behind;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<InstanceReport> reports = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RegistryException refusal;

    /** In front of {@code behind}. */
    public WatchedRegistry(SettingsRegistry behind) {
        this.behind = behind;
    }

    /** From now on reports fail with {@code problem}; null lets them through again. */
    public void refuseReports(@Nullable RegistryException problem) {
        refusal = problem;
    }

    /** How often it was read. */
    public int reads() {
        return reads.get();
    }

    /** How many reports it refused. */
    public int refusedReports() {
        return refused.get();
    }

    /** What it was told, in order. */
    public List<InstanceReport> reports() {
        return new ArrayList<>(reports);
    }

    @Override
    public ReadResult read(DatabaseName database) {
        reads.incrementAndGet();
        return behind.read(database);
    }

    @Override
    public Optional<InstanceReport> report(InstanceReport report) {
        RegistryException problem = refusal;
        if (problem != null) {
            refused.incrementAndGet();
            throw problem;
        }
        Optional<InstanceReport> replaced = behind.report(report);
        reports.add(report);
        return replaced;
    }

    @Override
    public String describe() {
        return behind.describe();
    }
}
