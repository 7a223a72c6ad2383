package dev.connectionregistry.benchmarks.cutover.side;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.settings.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/** The pools of all instances, each a HikariCP of its own with the time-outs that the registry's settings have. */
public final class HikariPools implements AutoCloseable {
    private final List<HikariDataSource> pools = new ArrayList<>();

    /**
     * Opens and validates them; the caller must close them.
     *
     * @param url without user and password
     * @param driver further properties of the driver
     * @throws RuntimeException as HikariCP says, if no connection can be made; nothing is left open then
     */
    public static HikariPools open(String url, Login login, Properties driver) {
        HikariPools opened = new HikariPools();
        try {
            for (int i = 1; i <= Callers.INSTANCES; i++) {
                opened.pools.add(new HikariDataSource(configuration("instance-" + i, url, login, driver)));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static HikariConfig configuration(String name, String url, Login login, Properties driver) {
        PoolSettings times = PoolSettings.DEFAULT;
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(login.role());
        config.setPassword(login.password());
        config.setDataSourceProperties(driver);
        config.setMaximumPoolSize(Callers.POOL_SIZE);
        config.setConnectionTimeout(times.connectionTimeout().toMillis());
        config.setIdleTimeout(times.idleTimeout().toMillis());
        config.setMaxLifetime(times.maxLifetime().toMillis());
        config.setKeepaliveTime(times.keepaliveTime().toMillis());
        config.setValidationTimeout(times.validationTimeout().toMillis());
        return config;
    }

    /** One for each instance. */
    public List<DataSource> dataSources() {
        return List.copyOf(pools);
    }

    /** Closes them at once. Idempotent. */
    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
