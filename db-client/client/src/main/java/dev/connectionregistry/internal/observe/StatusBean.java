package dev.connectionregistry.internal.observe;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;

/**
 * The status over JMX, read-only: {@code dev.connectionregistry:type=RegistryDataSource,database=…,service=…,instance=…}.
 */
public final class StatusBean implements StatusMXBean {
    private static final Logger LOG = CleanLogger.of(StatusBean.class);

    private final Supplier<DataSourceStatus> status;

    private StatusBean(Supplier<DataSourceStatus> status) {
        this.status = status;
    }

    /** Registers a bean; close the result to unregister it. A failure is logged and has no other effect. */
    public static AutoCloseable register(Supplier<DataSourceStatus> status) {
        DataSourceStatus now = status.get();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName("dev.connectionregistry:type=RegistryDataSource,database="
                    + ObjectName.quote(now.database().value()) + ",service=" + ObjectName.quote(now.service())
                    + ",instance=" + ObjectName.quote(now.instance()));
            server.registerMBean(new StatusBean(status), name);
            return () -> server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.warn("{}: no JMX bean (does another data source have this name?): {}", now.database(), e.toString());
            return () -> {};
        }
    }

    @Override
    public String getState() {
        return status.get().state().name();
    }

    @Override
    public long getVersion() {
        return status.get().version();
    }

    @Override
    public long getAcknowledgedVersion() {
        return status.get().acknowledgedVersion();
    }

    @Override
    public long getGeneration() {
        return status.get().generation();
    }

    @Override
    public String getEndpoint() {
        return status.get().endpoint().map(Endpoint::toString).orElse("");
    }

    @Override
    public String getSource() {
        return status.get().source().map(Enum::name).orElse("");
    }

    @Override
    public String getSince() {
        return status.get().since().toString();
    }

    @Override
    public long getStalenessMillis() {
        return status.get().staleness().toMillis();
    }

    @Override
    public long getPollIntervalMillis() {
        return status.get().pollInterval().toMillis();
    }

    @Override
    public String getProblem() {
        return status.get().problem().orElse("");
    }

    @Override
    public String getLastProblem() {
        return status.get().lastProblem().orElse("");
    }

    @Override
    public String getPoolProblem() {
        return status.get().poolProblem().map(PoolProblem::cause).orElse("");
    }

    @Override
    public String getPoolProblemSince() {
        return status.get().poolProblem().map(each -> each.since().toString()).orElse("");
    }

    @Override
    public int getActiveConnections() {
        return status.get().pool().active();
    }

    @Override
    public int getIdleConnections() {
        return status.get().pool().idle();
    }

    @Override
    public int getWaitingCallers() {
        return status.get().pool().waiting();
    }

    @Override
    public int getMaximumPoolSize() {
        return status.get().pool().maximumSize();
    }

    @Override
    public long getCutConnections() {
        return status.get().cutConnections();
    }
}
