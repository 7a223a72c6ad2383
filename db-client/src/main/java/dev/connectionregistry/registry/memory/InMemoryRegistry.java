package dev.connectionregistry.registry.memory;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.ReportCodec;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SettingsCodec;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this process, both sides of it: services read and report, operators write. Stores the same documents as
 * the table, so that what doesn't fit there doesn't fit here. Thread-safe.
 *
 * <pre>{@code
 * InMemoryRegistry registry = new InMemoryRegistry();
 * registry.put("orders", ConnectionSettings.of(Endpoint.parse("localhost:5432/orders"), "app", SecretRef.parse("env:PW")));
 * }</pre>
 */
public final class InMemoryRegistry implements SettingsRegistry, RegistryAdministration {
    /** All three guarded by "this"; versions are never changed once put. */
    private final Map<DatabaseName, TreeMap<Long, Map<String, Object>>> versions = new TreeMap<>(byName());

    private final Map<DatabaseName, TreeMap<String, Map<String, Object>>> reports = new TreeMap<>(byName());
    private @Nullable RegistryException outage;

    private static Comparator<DatabaseName> byName() {
        return Comparator.comparing(DatabaseName::value);
    }

    /** Writes {@code settings} as the next version of {@code database}, whatever was there; returns that version. */
    public synchronized VersionedSettings put(String database, ConnectionSettings settings) {
        DatabaseName name = new DatabaseName(database);
        Change change = new Change("test", Instant.now(), "");
        Map<String, Object> current = newest(name);
        VersionedSettings next = current == null
                ? VersionedSettings.first(name, settings, change)
                : SettingsCodec.versioned(current).next(settings, change);
        store(next);
        return next;
    }

    /** From now on every call fails with {@code problem}, until {@link #recover}. */
    public synchronized void fail(RegistryException problem) {
        outage = problem;
    }

    /** Ends what {@link #fail} began. */
    public synchronized void recover() {
        outage = null;
    }

    @Override
    public boolean createTable() {
        return false;
    }

    @Override
    public synchronized ReadResult read(DatabaseName database) {
        if (outage != null) {
            return new ReadResult.Unreadable(outage);
        }
        Map<String, Object> document = newest(database);
        return document == null ? new ReadResult.Absent(Optional.empty()) : classify(document);
    }

    private static ReadResult classify(Map<String, Object> document) {
        try {
            VersionedSettings settings = SettingsCodec.versioned(document);
            return settings.removed() ? new ReadResult.Absent(Optional.of(settings)) : new ReadResult.Found(settings);
        } catch (InvalidSettingsException e) {
            return new ReadResult.Malformed(SettingsCodec.version(document), String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Map<String, Object> newest(DatabaseName database) {
        TreeMap<Long, Map<String, Object>> all = versions.get(database);
        return all == null ? null : all.lastEntry().getValue();
    }

    private void store(VersionedSettings settings) {
        versions.computeIfAbsent(settings.database(), name -> new TreeMap<>())
                .put(settings.version(), Collections.unmodifiableMap(SettingsCodec.toDocument(settings)));
    }

    @Override
    public synchronized List<Listed> list() {
        requireUp();
        List<Listed> listed = new ArrayList<>();
        for (DatabaseName database : versions.keySet()) {
            ReadResult result = read(database);
            if (!(result instanceof ReadResult.Absent)) {
                listed.add(new Listed(database, result));
            }
        }
        return listed;
    }

    @Override
    public synchronized WriteResult write(VersionedSettings next) {
        requireUp();
        Map<String, Object> current = newest(next.database());
        long version = current == null ? 0 : SettingsCodec.version(current).orElse(0L);
        if (version != next.version() - 1) {
            return new WriteResult.Conflict(read(next.database()));
        }
        store(next);
        return new WriteResult.Written(next);
    }

    @Override
    public synchronized Optional<VersionedSettings> version(DatabaseName database, long version) {
        requireUp();
        return Optional.ofNullable(
                        versions.getOrDefault(database, new TreeMap<>()).get(version))
                .map(SettingsCodec::versioned);
    }

    @Override
    public synchronized List<VersionedSettings> history(DatabaseName database, int limit) {
        requireUp();
        return versions.getOrDefault(database, new TreeMap<>()).descendingMap().values().stream()
                .limit(limit)
                .map(SettingsCodec::versioned)
                .toList();
    }

    @Override
    public synchronized List<InstanceReport> fleet(DatabaseName database) {
        requireUp();
        return reports.getOrDefault(database, new TreeMap<>()).values().stream()
                .map(ReportCodec::report)
                .toList();
    }

    @Override
    public synchronized void report(InstanceReport report) {
        requireUp();
        reports.computeIfAbsent(report.database(), name -> new TreeMap<>())
                .put(report.name(), ReportCodec.toDocument(report));
    }

    @Override
    public List<AccessCheck> checkAccess() {
        return List.of(new AccessCheck("everything", true, describe()));
    }

    @Override
    public String describe() {
        return "a registry in memory";
    }

    private void requireUp() {
        if (outage != null) {
            throw outage;
        }
    }
}
