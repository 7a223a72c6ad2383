package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry in memory that remembers what cutovers write, and goes wrong where the script says. */
public final class ScriptedRegistry implements RegistryAdministration, CutoverRegistry {
    private final InMemoryRegistry registry;
    private final Script script;

    /** Around {@code registry}. */
    public ScriptedRegistry(InMemoryRegistry registry, Script script) {
        this.registry = registry;
        this.script = script;
    }

    /** A write of which nobody knows how it went. */
    public static RegistryException unknown() {
        return new RegistryException(RegistryException.Kind.OUTCOME_UNKNOWN, "the answer was lost", null);
    }

    /** No answer. */
    public static RegistryException unreachable() {
        return new RegistryException(RegistryException.Kind.UNREACHABLE, "the registry is out of reach", null);
    }

    private void happen(String event) {
        try {
            script.event(event);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a write is to people: {@code PREPARE}, {@code HOLD}, {@code poll 100ms}, {@code steady db2}. */
    private String name(VersionedSettings next) {
        if (next.transition().isPresent()) {
            return next.transition().get().phase().name();
        }
        VersionedSettings before = ((ReadResult.Found) registry.read(next.database())).settings();
        boolean moved = !before.settings().endpoint().equals(next.settings().endpoint());
        boolean poll = !moved && before.transition().isEmpty();
        return poll
                ? "poll " + next.settings().polling()
                : "steady " + next.settings().endpoint().host();
    }

    @Override
    public ReadResult read(DatabaseName database) {
        try {
            happen("read");
        } catch (RegistryException e) {
            return new ReadResult.Unreadable(e);
        }
        return registry.read(database);
    }

    @Override
    public Optional<CutoverLock> lock(DatabaseName database) {
        return registry.lock(database);
    }

    @Override
    public boolean writeLocks(List<CutoverLock> next) {
        String event = next.get(0).held() ? "lock" : "unlock";
        happen(event);
        boolean written = registry.writeLocks(next);
        happen(event + " written");
        return written;
    }

    @Override
    public Optional<NotWritten> writeAll(List<VersionedSettings> next, List<CutoverLock> held) {
        String name = name(next.get(0));
        happen(name);
        Optional<NotWritten> result = registry.writeAll(next, held);
        if (result.isEmpty()) {
            happen(name + " written");
        }
        return result;
    }

    @Override
    public boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        return registry.writeJournal(held, document);
    }

    @Override
    public Optional<Map<String, Object>> journal(DatabaseName database, String runId) {
        return registry.journal(database, runId);
    }

    @Override
    public List<Map<String, Object>> journals(DatabaseName database, int limit) {
        return registry.journals(database, limit);
    }

    @Override
    public boolean createTable() {
        return registry.createTable();
    }

    @Override
    public List<Listed> list() {
        happen("list");
        return registry.list();
    }

    @Override
    public WriteResult write(VersionedSettings next, long base) {
        return registry.write(next, base);
    }

    @Override
    public Optional<VersionedSettings> version(DatabaseName database, long version) {
        return registry.version(database, version);
    }

    @Override
    public WriteResult repair(VersionedSettings next, ReadResult current) {
        return registry.repair(next, current);
    }

    @Override
    public List<VersionedSettings> history(DatabaseName database, int limit) {
        return registry.history(database, limit);
    }

    @Override
    public List<InstanceReport> fleet(DatabaseName database) {
        happen("fleet");
        return registry.fleet(database);
    }

    @Override
    public List<AccessCheck> checkAccess() {
        return registry.checkAccess();
    }

    @Override
    public String describe() {
        return registry.describe();
    }
}
