package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.settings.PoolSettings;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Translates our settings for Hikari. */
final class PoolConfiguration {
    private static final String FILE = "hikaricp.configurationFile";
    /**
     * Longer than any connection lives. Only with a limit does Hikari schedule the end of each life, which the
     * {@link Adder} must see.
     */
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private static final ReentrantLock HIDING = new ReentrantLock();

    private PoolConfiguration() {}

    /**
     * A configuration that opens {@code warm} connections, but none at once: Hikari would sleep for a second when the
     * first fails. Doesn't call Hikari's own {@code validate()}: it warns about combinations that are intended here,
     * and we already check its bounds.
     */
    static HikariConfig of(String poolName, PoolSettings settings, int warm, Adder adder, PoolEnvironment customs) {
        HikariConfig config = empty();
        forgetFile(config);
        config.setPoolName(poolName);
        config.setDataSource(adder);
        config.setScheduledExecutor(adder.scheduler());
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new StatementFailures(adder.source()));
        config.setKeepaliveTime(settings.keepaliveTime().toMillis());
        applyChangeable(config, settings);
        config.setMinimumIdle(warm);
        applyCustoms(config, customs);
        config.setReadOnly(customs.options().readOnly()
                || Boolean.parseBoolean(
                        adder.source().settings().properties().get("readOnly"))); // otherwise Hikari resets it
        return config;
    }

    /**
     * Hikari's constructor fails if the file in system property {@code hikaricp.configurationFile} can't be used. The
     * property is then hidden from it for a moment. A pool of another library that is created in that moment doesn't
     * get the file, which is seldom of use to it either.
     */
    private static HikariConfig empty() {
        HIDING.lock();
        try {
            return new HikariConfig();
        } catch (RuntimeException e) {
            return withoutFile();
        } finally {
            HIDING.unlock();
        }
    }

    private static HikariConfig withoutFile() {
        String file = System.clearProperty(FILE);
        try {
            return new HikariConfig(); // the property may be hidden by the same code in another class loader already
        } finally {
            if (file != null) {
                System.getProperties().putIfAbsent(FILE, file);
            }
        }
    }

    /**
     * Resets everything that Hikari's constructor has taken from the file in system property
     * {@code hikaricp.configurationFile}: the file is meant for another pool of this JVM. Values that are always set
     * afterwards are left out.
     */
    private static void forgetFile(HikariConfig config) {
        config.setAllowPoolSuspension(false);
        config.setAutoCommit(true);
        config.setCatalog(null);
        config.setConnectionInitSql(null);
        config.setConnectionTestQuery(null);
        config.setCredentials(Credentials.of(null, null));
        config.setDataSourceClassName(null);
        config.setDataSourceJNDI(null);
        config.getDataSourceProperties().clear();
        config.setHealthCheckRegistry(null);
        config.getHealthCheckProperties().clear();
        config.setIsolateInternalQueries(false);
        config.setJdbcUrl(null);
        config.setLeakDetectionThreshold(0);
        if (config.getMetricRegistry() != null) { // Hikari accepts only one of the two, even a null
            config.setMetricRegistry(null);
        }
        config.setMetricsTrackerFactory(null);
        config.setReadOnly(false);
        config.setRegisterMbeans(false);
        config.setSchema(null);
        config.setThreadFactory(null);
        config.setTransactionIsolation(null);
    }

    /** The {@link ConnectionSource} executes the statement for each new session: Hikari would hide its failure. */
    private static void applyCustoms(HikariConfig config, PoolEnvironment customs) {
        PoolOptions options = customs.options();
        config.setAutoCommit(options.autoCommit());
        options.transactionIsolation().ifPresent(level -> config.setTransactionIsolation(String.valueOf(level)));
        options.schema().ifPresent(config::setSchema);
        options.threadFactory().ifPresent(config::setThreadFactory);
        config.setMetricsTrackerFactory(PoolTracker.factory(customs.meters()));
    }

    /**
     * What can be changed while the pool runs. Callers' waits are bounded by us, so Hikari's own time-out is never
     * reached.
     */
    static void applyChangeable(HikariConfig config, PoolSettings settings) {
        config.setMaximumPoolSize(settings.maximumSize());
        config.setMinimumIdle(settings.minimumIdle());
        config.setIdleTimeout(settings.idleTimeout().toMillis());
        Duration lifetime = settings.maxLifetime();
        config.setMaxLifetime((lifetime.isZero() ? FOR_EVER : lifetime).toMillis());
        config.setValidationTimeout(settings.validationTimeout().toMillis());
        config.setLeakDetectionThreshold(settings.leakDetectionThreshold().toMillis());
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    }
}
