package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.PropertyElf;
import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.core.internal.bounds.SettingsBounds;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.testing.Servers;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PoolConfigurationTest {
    private static final String FILE = "hikaricp.configurationFile";
    /** Objects without equality (what is in them is compared), and classes that are used only without a data source. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "credentials",
            "exceptionOverride",
            "exceptionOverrideClassName",
            "driverClassName",
            "credentialsProviderClassName");

    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final ConnectionSource source = new ConnectionSource(
            new PostgresConnector(
                    new SecretResolvers(List.of()),
                    "test",
                    new LoginGuard(SettingsBounds.DEFAULT, BoundsOwner.SERVICE)),
            Servers.settings(Servers.first()),
            AcceptedPrimary.WRITABLE,
            new NoSigns(),
            PoolEnvironment.NONE);
    private final Adder adder = new Adder(source, housekeeper, Thread::new);

    @AfterEach
    void stop() {
        System.clearProperty(FILE);
        housekeeper.shutdownNow();
    }

    @Test
    void aFileMeantForAnotherPoolOfTheProcessChangesNothing(@TempDir Path folder) throws Exception {
        Map<String, Object> plain = values(configuration());
        Properties others = new Properties();
        for (String name : PropertyElf.getPropertyNames(HikariConfig.class)) {
            Object value = plain.get(name);
            boolean compared = !NOT_COMPARED.contains(name);
            if (compared && value instanceof Boolean flag) {
                others.setProperty(name, String.valueOf(!flag));
            } else if (compared && value instanceof Number) {
                others.setProperty(name, "77777");
            }
        }
        for (String text :
                List.of("catalog", "schema", "connectionInitSql", "connectionTestQuery", "username", "password")) {
            others.setProperty(text, "others");
        }
        others.setProperty("transactionIsolation", "TRANSACTION_SERIALIZABLE");
        others.setProperty("dataSource.user", "others");
        Path file = folder.resolve("hikari.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            others.store(writer, null);
        }
        System.setProperty(FILE, file.toString());
        assertThat(new HikariConfig().getSchema()).as("Hikari reads the file").isEqualTo("others");
        assertThat(values(configuration())).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noSuchProperty=1", "maximumPoolSize=many", "maxLifetime=-1\nidleTimeout=-1", "x=\\u00zz"})
    void aFileThatHikariCantUseChangesNothingAndStaysNamed(String content, @TempDir Path folder) throws Exception {
        Map<String, Object> plain = values(configuration());
        Path file = Files.writeString(folder.resolve("hikari.properties"), content);
        System.setProperty(FILE, file.toString());
        assertThatThrownBy(HikariConfig::new).as("Hikari refuses the file").isInstanceOf(RuntimeException.class);
        assertThat(values(configuration())).isEqualTo(plain);
        assertThat(System.getProperty(FILE)).isEqualTo(file.toString());
    }

    @Test
    void aFileThatIsNotThereChangesNothing(@TempDir Path folder) {
        Map<String, Object> plain = values(configuration());
        System.setProperty(FILE, folder.resolve("missing.properties").toString());
        assertThat(values(configuration())).isEqualTo(plain);
    }

    private HikariConfig configuration() {
        return PoolConfiguration.of("p", PoolSettings.DEFAULT, 1, adder, PoolEnvironment.NONE);
    }

    private static Map<String, Object> values(HikariConfig config) {
        Map<String, Object> values = new HashMap<>();
        for (String name : PropertyElf.getPropertyNames(HikariConfig.class)) {
            if (!NOT_COMPARED.contains(name)) {
                values.put(name, PropertyElf.getProperty(name, config));
            }
        }
        values.put("username", config.getUsername());
        values.put("password", config.getPassword());
        values.put("dataSourceProperties", new HashMap<>(config.getDataSourceProperties()));
        return values;
    }

    private static final class NoSigns implements ServerObserver {
        @Override
        public void moved(SQLException failure) {}
    }
}
