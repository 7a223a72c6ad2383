package dev.connectionregistry.admin.cli.wiring;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry, as operators and as cutovers see it, that is opened when it is first asked something: commands are made before
 * the options are read that say which table it is, and many arguments are refused before any is needed. Thread-safe.
 */
public final class DeferredRegistry implements RegistryAdministration, CutoverRegistry, AutoCloseable {
    private final Supplier<Opened> open;
    /** Guarded by "this". */
    private @Nullable Opened opened;

    /**
     * Both sides of one registry.
     *
     * @param operators as operators see it
     * @param cutovers as cutovers see it
     * @param client ends both
     */
    public record Opened(RegistryAdministration operators, CutoverRegistry cutovers, AutoCloseable client) {}

    /** Opened by {@code open}, once; what that gives belongs to this and is closed by it. */
    public DeferredRegistry(Supplier<Opened> open) {
        this.open = open;
    }

    private synchronized Opened opened() {
        Opened present = opened;
        if (present == null) {
            present = open.get();
            opened = present;
        }
        return present;
    }

    private RegistryAdministration operators() {
        return opened().operators();
    }

    private CutoverRegistry cutovers() {
        return opened().cutovers();
    }

    @Override
    public boolean createTable() {
        return operators().createTable();
    }

    @Override
    public ReadResult read(DatabaseName database) {
        return operators().read(database);
    }

    @Override
    public List<Listed> list() {
        return operators().list();
    }

    @Override
    public WriteResult write(VersionedSettings next, long base) {
        return operators().write(next, base);
    }

    @Override
    public Optional<VersionedSettings> version(DatabaseName database, long version) {
        return operators().version(database, version);
    }

    @Override
    public List<VersionedSettings> history(DatabaseName database, int limit) {
        return operators().history(database, limit);
    }

    @Override
    public WriteResult repair(VersionedSettings next, ReadResult standing) {
        return operators().repair(next, standing);
    }

    @Override
    public ItemsRead<VersionedSettings> readHistory(DatabaseName database, int limit) {
        return operators().readHistory(database, limit);
    }

    @Override
    public ItemsRead<InstanceReport> readFleet(DatabaseName database) {
        return operators().readFleet(database);
    }

    @Override
    public ItemsRead<Listed> readList() {
        return operators().readList();
    }

    @Override
    public List<InstanceReport> fleet(DatabaseName database) {
        return operators().fleet(database);
    }

    @Override
    public List<AccessCheck> checkAccess() {
        return operators().checkAccess();
    }

    @Override
    public String describe() {
        return operators().describe();
    }

    @Override
    public Optional<CutoverLock> lock(DatabaseName database) {
        return cutovers().lock(database);
    }

    @Override
    public boolean writeLocks(List<CutoverLock> next) {
        return cutovers().writeLocks(next);
    }

    @Override
    public Optional<NotWritten> writeAll(List<VersionedSettings> next, List<CutoverLock> held) {
        return cutovers().writeAll(next, held);
    }

    @Override
    public boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        return cutovers().writeJournal(held, document);
    }

    @Override
    public Optional<Map<String, Object>> journal(DatabaseName database, String runId) {
        return cutovers().journal(database, runId);
    }

    @Override
    public List<Map<String, Object>> journals(DatabaseName database, int limit) {
        return cutovers().journals(database, limit);
    }

    /** Closes what was opened, if anything was. */
    @Override
    public synchronized void close() {
        Opened present = opened;
        opened = null;
        if (present != null) {
            try {
                present.client().close();
            } catch (Exception e) {
                throw new IllegalStateException("the registry's client could not be closed", e);
            }
        }
    }
}
