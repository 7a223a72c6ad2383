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
 * A registry, for operators and for cutovers, that is opened when it is first used: commands are created before the
 * options that name the table are read, and many arguments are refused before a table is needed. Thread-safe.
 */
public final class DeferredRegistry implements RegistryAdministration, CutoverRegistry, AutoCloseable {
    private final Supplier<Opened> open;
    /** Guarded by "this". */
    private @Nullable Opened opened;

    /**
     * Both views of one registry.
     *
     * @param operators the view of operators
     * @param cutovers the view of cutovers
     * @param client closes both
     */
    public record Opened(RegistryAdministration operators, CutoverRegistry cutovers, AutoCloseable client) {}

    /** Opened once, by {@code open}; this object owns and closes the result. */
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
    public WriteResult repair(VersionedSettings next, ReadResult current) {
        return operators().repair(next, current);
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

    /** Closes the registry if it was opened. */
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
