package dev.connectionregistry.admin.wiring;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry that is opened when it is first asked something: commands are made before the options are read that say
 * which table it is, and many arguments are refused before any is needed. Thread-safe.
 */
public final class DeferredRegistry implements RegistryAdministration, AutoCloseable {
    private final Supplier<RegistryAdministration> open;
    /** Guarded by "this". */
    private @Nullable RegistryAdministration opened;

    /** Opened by {@code open}. */
    public DeferredRegistry(Supplier<RegistryAdministration> open) {
        this.open = open;
    }

    private synchronized RegistryAdministration registry() {
        RegistryAdministration present = opened;
        if (present == null) {
            present = open.get();
            opened = present;
        }
        return present;
    }

    @Override
    public boolean createTable() {
        return registry().createTable();
    }

    @Override
    public ReadResult read(DatabaseName database) {
        return registry().read(database);
    }

    @Override
    public List<Listed> list() {
        return registry().list();
    }

    @Override
    public WriteResult write(VersionedSettings next) {
        return registry().write(next);
    }

    @Override
    public Optional<VersionedSettings> version(DatabaseName database, long version) {
        return registry().version(database, version);
    }

    @Override
    public List<VersionedSettings> history(DatabaseName database, int limit) {
        return registry().history(database, limit);
    }

    @Override
    public List<InstanceReport> fleet(DatabaseName database) {
        return registry().fleet(database);
    }

    @Override
    public List<AccessCheck> checkAccess() {
        return registry().checkAccess();
    }

    @Override
    public String describe() {
        return registry().describe();
    }

    /** Closes what was opened, if it can be closed. */
    @Override
    public synchronized void close() {
        RegistryAdministration present = opened;
        opened = null;
        if (present instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("the registry's client could not be closed", e);
            }
        }
    }
}
