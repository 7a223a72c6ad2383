package dev.connectionregistry.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/** The pools that programs bring along, as those set them up: nothing of ours but the URL. */
enum OuterPool {
    HIKARI {
        @Override
        DataSource open(String url, int size) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(size);
            config.setConnectionInitSql("SET TIME ZONE 'Asia/Tokyo'");
            return new HikariDataSource(config);
        }
    },
    AGROAL {
        @Override
        DataSource open(String url, int size) throws SQLException {
            return AgroalDataSource.from(
                    new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool -> pool.maxSize(size)
                            .acquisitionTimeout(Duration.ofSeconds(30))
                            .connectionFactoryConfiguration(
                                    factory -> factory.jdbcUrl(url).initialSql("SET TIME ZONE 'Asia/Tokyo'"))));
        }
    },
    TOMCAT {
        @Override
        DataSource open(String url, int size) {
            PoolProperties properties = new PoolProperties();
            properties.setDriverClassName(RegistryDriver.class.getName());
            properties.setUrl(url);
            properties.setMaxActive(size);
            properties.setMaxIdle(size);
            properties.setTestOnBorrow(true);
            properties.setInitSQL("SET TIME ZONE 'Asia/Tokyo'");
            return new org.apache.tomcat.jdbc.pool.DataSource(properties);
        }
    },
    DBCP2 {
        @Override
        DataSource open(String url, int size) {
            BasicDataSource pool = new BasicDataSource();
            pool.setUrl(url);
            pool.setMaxTotal(size);
            pool.setMaxIdle(size);
            pool.setPoolPreparedStatements(true);
            pool.setConnectionInitSqls(java.util.List.of("SET TIME ZONE 'Asia/Tokyo'"));
            return pool;
        }
    };

    /** Opens one, of at most so many connections. */
    abstract DataSource open(String url, int size) throws SQLException;

    static void close(DataSource pool) throws Exception {
        if (pool instanceof AutoCloseable closeable) {
            closeable.close();
        } else {
            ((org.apache.tomcat.jdbc.pool.DataSource) pool).close(true);
        }
    }
}
