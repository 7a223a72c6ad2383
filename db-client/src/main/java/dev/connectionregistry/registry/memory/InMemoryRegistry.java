package dev.connectionregistry.registry.memory;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
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
import dev.connectionregistry.settings.SettingsCodec;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this process, all sides of it: services read and report, operators write, cutovers hold their lock. Stores the same documents as
 * the table, so that what doesn't fit there doesn't fit here. Thread-safe.
 *
 * <pre>{@code
 * InMemoryRegistry registry = new InMemoryRegistry();
 * registry.put("orders", ConnectionSettings.of(Endpoint.parse("localhost:5432/orders"), "app", SecretRef.parse("env:PW")));
 * }</pre>
 */
public final class InMemoryRegistry implements SettingsRegistry, RegistryAdministration, CutoverRegistry {
    /** All of them guarded by "this"; documents are never changed once put. */
    private final Map<DatabaseName, Map<String, Object>> current = new TreeMap<>(byName());

    private final Map<DatabaseName, NavigableMap<Long, Map<String, Object>>> history = new HashMap<>();
    private final Map<DatabaseName, Map<String, InstanceReport>> reports = new HashMap<>();
    private final CutoverRecords cutovers = new CutoverRecords();
    private @Nullable RegistryException outage;

    private static Comparator<DatabaseName> byName() {
        return Comparator.comparing(DatabaseName::value);
    }

    /** Writes {@code settings} as the next version of {@code database}, whatever was there; returns that version. */
    public synchronized VersionedSettings put(String database, ConnectionSettings settings) {
        DatabaseName name = new DatabaseName(database);
        Change change = new Change("test", Instant.now(), "");
        Map<String, Object> before = current.get(name);
        VersionedSettings next = before == null
                ? VersionedSettings.first(name, settings, change)
                : SettingsCodec.versioned(before).next(settings, change);
        store(next);
        return next;
    }

    /**
     * Puts {@code document} in the place of the current settings of {@code database} as it is, sound or not; the history
     * stays. For tests of what happens when somebody edits the registry by hand, or a newer release writes it.
     */
    public synchronized void putDocument(String database, Map<String, ?> document) {
        current.put(new DatabaseName(database), Collections.unmodifiableMap(new LinkedHashMap<>(document)));
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
        Map<String, Object> document = current.get(database);
        return document == null ? new ReadResult.Absent(Optional.empty()) : ReadResult.of(database, document);
    }

    private void store(VersionedSettings settings) {
        Map<String, Object> document = Collections.unmodifiableMap(SettingsCodec.toDocument(settings));
        current.put(settings.database(), document);
        versions(settings.database()).put(settings.version(), document);
    }

    private NavigableMap<Long, Map<String, Object>> versions(DatabaseName database) {
        return history.computeIfAbsent(database, name -> new TreeMap<>());
    }

    @Override
    public synchronized List<Listed> list() {
        requireUp();
        List<Listed> listed = new ArrayList<>();
        for (DatabaseName database : current.keySet()) {
            ReadResult result = read(database);
            if (!(result instanceof ReadResult.Absent)) {
                listed.add(new Listed(database, result));
            }
        }
        return listed;
    }

    @Override
    public synchronized WriteResult write(VersionedSettings next, long base) {
        if (base >= next.version()) {
            throw new IllegalArgumentException("version " + next.version() + " can't follow version " + base);
        }
        requireUp();
        Map<String, Object> before = current.get(next.database());
        Optional<Long> version = before == null ? Optional.of(0L) : SettingsCodec.version(before);
        if (!version.equals(Optional.of(base)) || versions(next.database()).containsKey(next.version())) {
            return new WriteResult.Conflict(read(next.database()));
        }
        store(next);
        return new WriteResult.Written(next);
    }

    @Override
    public synchronized Optional<VersionedSettings> version(DatabaseName database, long version) {
        requireUp();
        return Optional.ofNullable(versions(database).get(version)).map(SettingsCodec::versioned);
    }

    @Override
    public synchronized List<VersionedSettings> history(DatabaseName database, int limit) {
        requireUp();
        return versions(database).descendingMap().values().stream()
                .limit(Math.max(0, limit))
                .map(SettingsCodec::versioned)
                .toList();
    }

    /** {@inheritDoc} Here they never expire. */
    @Override
    public synchronized List<InstanceReport> fleet(DatabaseName database) {
        requireUp();
        return reports.getOrDefault(database, Map.of()).values().stream()
                .sorted(InstanceReport.BY_NAME)
                .toList();
    }

    @Override
    public synchronized void report(InstanceReport report) {
        requireUp();
        reports.computeIfAbsent(report.database(), name -> new HashMap<>())
                .put(report.service() + "\0" + report.instance(), ReportCodec.report(ReportCodec.toDocument(report)));
    }

    @Override
    public synchronized Optional<CutoverLock> lock(DatabaseName database) {
        requireUp();
        return cutovers.lock(database);
    }

    @Override
    public synchronized boolean writeLock(CutoverLock next) {
        requireUp();
        return cutovers.writeLock(next);
    }

    @Override
    public synchronized WriteResult write(VersionedSettings next, CutoverLock held) {
        requireUp();
        return cutovers.stands(held) ? write(next) : new WriteResult.LockLost(cutovers.lock(held.database()));
    }

    @Override
    public synchronized boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        requireUp();
        return cutovers.writeJournal(held, document);
    }

    @Override
    public synchronized Optional<Map<String, Object>> journal(DatabaseName database, String runId) {
        requireUp();
        return cutovers.journal(database, runId);
    }

    @Override
    public synchronized List<Map<String, Object>> journals(DatabaseName database, int limit) {
        requireUp();
        return cutovers.journals(database, limit);
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
