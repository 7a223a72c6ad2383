package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import dev.connectionregistry.settings.PoolSettings;
import java.util.concurrent.ScheduledExecutorService;

/** Our settings in Hikari's words. */
final class PoolConfiguration {
    private PoolConfiguration() {}

    /**
     * A configuration that opens {@code warm} connections, none of them at once: Hikari would sleep for a second when the
     * first fails. Hikari's own {@code validate()} isn't called: it warns about combinations that are meant here, and its
     * bounds are ours already.
     */
    static HikariConfig of(
            String poolName,
            PoolSettings settings,
            int warm,
            ConnectionSource source,
            ScheduledExecutorService housekeeper) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(poolName);
        config.setDataSource(source);
        config.setScheduledExecutor(housekeeper);
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new StatementFailures(source));
        config.setKeepaliveTime(settings.keepaliveTime().toMillis());
        applyChangeable(config, settings);
        config.setMinimumIdle(warm);
        return config;
    }

    /** What can be changed while the pool runs. Callers' waiting is ours, so Hikari's own time-out is never reached. */
    static void applyChangeable(HikariConfig config, PoolSettings settings) {
        config.setMaximumPoolSize(settings.maximumSize());
        config.setMinimumIdle(settings.minimumIdle());
        config.setIdleTimeout(settings.idleTimeout().toMillis());
        config.setMaxLifetime(settings.maxLifetime().toMillis());
        config.setValidationTimeout(settings.validationTimeout().toMillis());
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    }
}
