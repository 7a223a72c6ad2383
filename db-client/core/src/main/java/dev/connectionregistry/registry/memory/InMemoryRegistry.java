package dev.connectionregistry.registry.memory;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
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
 * A complete registry in this process: services read and report, operators write, cutovers hold their lock. It stores
 * the same documents as the table, so it refuses what the table would refuse. Thread-safe.
 *
 * <pre>{@code
 * InMemoryRegistry registry = new InMemoryRegistry();
 * registry.put("orders", ConnectionSettings.of(Endpoint.parse("localhost:5432/orders"), "app", SecretRef.parse("env:PW")));
 * }</pre>
 */
public final class InMemoryRegistry implements SettingsRegistry, RegistryAdministration, CutoverRegistry {
    /** All guarded by "this"; stored documents are never changed. */
    private final Map<DatabaseName, Map<String, Object>> current = new TreeMap<>(byName());

    private final Map<DatabaseName, NavigableMap<Long, Map<String, Object>>> history = new HashMap<>();
    private final Map<DatabaseName, Map<String, Map<String, Object>>> reports = new HashMap<>();
    private final CutoverRecords cutovers = new CutoverRecords();
    private @Nullable RegistryException outage;

    private static Comparator<DatabaseName> byName() {
        return Comparator.comparing(DatabaseName::value);
    }

    /**
     * Writes {@code settings} as the next version of {@code database}, whatever was there before; returns that version.
     */
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
     * Replaces the current settings of {@code database} by {@code document}, valid or not; the history is unchanged.
     * For tests of what happens when somebody edits the registry by hand, or when a newer release writes to it.
     */
    public synchronized void putDocument(String database, Map<String, ?> document) {
        current.put(new DatabaseName(database), Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    /** The same for a past version. */
    public synchronized void putPastDocument(String database, long version, Map<String, ?> document) {
        versions(new DatabaseName(database)).put(version, Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    /** The same for the report of an instance; {@code name} is {@code service/instance}. */
    public synchronized void putReportDocument(String database, String name, Map<String, ?> document) {
        reports.computeIfAbsent(new DatabaseName(database), each -> new TreeMap<>())
                .put(name, Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    /** The same for the journal of a cutover. */
    public synchronized void putJournalDocument(String database, String runId, Map<String, ?> document) {
        cutovers.putJournal(new DatabaseName(database), runId, document);
    }

    /** The same for the lock of a database's cutovers. */
    public synchronized void putLockDocument(String database, Map<String, ?> document) {
        cutovers.putLock(new DatabaseName(database), document);
    }

    /** Makes every call fail with {@code problem} until {@link #recover}. */
    public synchronized void fail(RegistryException problem) {
        outage = problem;
    }

    /** Ends the effect of {@link #fail}. */
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
        return document == null
                ? new ReadResult.Absent(Optional.empty())
                : SettingsCodec.readResult(database, document);
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
        if (!follows(next, base)) {
            return new WriteResult.Conflict(read(next.database()));
        }
        store(next);
        return new WriteResult.Written(next);
    }

    private boolean follows(VersionedSettings next, long base) {
        Map<String, Object> before = current.get(next.database());
        Optional<Long> version = before == null ? Optional.of(0L) : SettingsCodec.version(before);
        return version.equals(Optional.of(base)) && !versions(next.database()).containsKey(next.version());
    }

    @Override
    public synchronized Optional<VersionedSettings> version(DatabaseName database, long version) {
        requireUp();
        return Optional.ofNullable(versions(database).get(version)).map(SettingsCodec::versioned);
    }

    @Override
    public List<VersionedSettings> history(DatabaseName database, int limit) {
        return readHistory(database, limit).items();
    }

    @Override
    public synchronized ItemsRead<VersionedSettings> readHistory(DatabaseName database, int limit) {
        requireUp();
        List<VersionedSettings> history = new ArrayList<>();
        List<ItemsRead.Unreadable> unreadable = new ArrayList<>();
        versions(database).descendingMap().forEach((version, document) -> {
            if (history.size() >= limit) {
                return;
            }
            try {
                VersionedSettings past = SettingsCodec.versioned(document);
                requireKey(past.version() == version && past.database().equals(database), "version " + past.version());
                history.add(past);
            } catch (InvalidSettingsException e) {
                unreadable.add(new ItemsRead.Unreadable("version " + version, String.valueOf(e.getMessage())));
            }
        });
        return new ItemsRead<>(history, unreadable);
    }

    private static void requireKey(boolean same, String who) {
        if (!same) {
            throw new InvalidSettingsException("its content belongs to " + who + ", which has another key");
        }
    }

    @Override
    public synchronized WriteResult repair(VersionedSettings next, ReadResult current) {
        requireUp();
        ReadResult actual = read(next.database());
        if (!actual.equals(current) || versions(next.database()).containsKey(next.version())) {
            return new WriteResult.Conflict(actual);
        }
        store(next);
        return new WriteResult.Written(next);
    }

    /** {@inheritDoc} In memory, reports never expire. */
    @Override
    public List<InstanceReport> fleet(DatabaseName database) {
        return readFleet(database).items();
    }

    @Override
    public synchronized ItemsRead<InstanceReport> readFleet(DatabaseName database) {
        requireUp();
        List<InstanceReport> fleet = new ArrayList<>();
        List<ItemsRead.Unreadable> unreadable = new ArrayList<>();
        reports.getOrDefault(database, Map.of()).forEach((name, document) -> {
            try {
                InstanceReport report = ReportCodec.report(document);
                requireKey(report.name().equals(name) && report.database().equals(database), report.name());
                fleet.add(report);
            } catch (InvalidSettingsException e) {
                unreadable.add(
                        new ItemsRead.Unreadable(Printable.line(name), Printable.line(String.valueOf(e.getMessage()))));
            }
        });
        fleet.sort(InstanceReport.BY_NAME);
        return new ItemsRead<>(fleet, unreadable);
    }

    @Override
    public synchronized Optional<InstanceReport> report(InstanceReport report) {
        requireUp();
        Map<String, Object> replaced =
                reports.getOrDefault(report.database(), Map.of()).get(report.name());
        putReportDocument(report.database().value(), report.name(), ReportCodec.toDocument(report));
        try {
            return Optional.ofNullable(replaced).map(ReportCodec::report);
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized Optional<CutoverLock> lock(DatabaseName database) {
        requireUp();
        return cutovers.lock(database);
    }

    @Override
    public synchronized boolean writeLocks(List<CutoverLock> next) {
        requireUp();
        return cutovers.writeLocks(next);
    }

    @Override
    public synchronized Optional<NotWritten> writeAll(List<VersionedSettings> next, List<CutoverLock> held) {
        requireUp();
        CutoverRegistry.requireRoom(held.size());
        for (CutoverLock lock : held) {
            if (!cutovers.isHeld(lock)) {
                return Optional.of(
                        new NotWritten(lock.database(), new WriteResult.LockLost(cutovers.lock(lock.database()))));
            }
        }
        for (VersionedSettings each : next) {
            if (!follows(each, each.version() - 1)) {
                return Optional.of(new NotWritten(each.database(), new WriteResult.Conflict(read(each.database()))));
            }
        }
        next.forEach(this::store);
        return Optional.empty();
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

    private synchronized void requireUp() {
        if (outage != null) {
            throw outage;
        }
    }
}
