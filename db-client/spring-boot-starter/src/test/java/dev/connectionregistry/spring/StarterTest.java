package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the properties make of an application, on real servers. */
class StarterTest {
    static final String MAJOR = "SELECT current_setting('server_version_num')::int / 10000";

    private final ApplicationContextRunner inMemory = new ApplicationContextRunner()
            .withUserConfiguration(InMemory.class)
            .withPropertyValues("spring.application.name=checkout", "connection-registry.database=orders");

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    @Test
    void runsOnTheVersionOfSpringBootThatTheModuleIsFor() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
    }

    @Test
    void theDataSourceFollowsTheRegistryWithoutAnyWiring() {
        inMemory.run(application -> {
            RegistryDataSource dataSource = application.getBean(RegistryDataSource.class);
            assertThat(application.getBean(DataSource.class)).isSameAs(dataSource);
            assertThat(application.getBean("dataSource")).isSameAs(dataSource);
            assertThat(dataSource.status().service()).isEqualTo("checkout");
            assertThat(application.getBean(JdbcTemplate.class).queryForObject(MAJOR, Integer.class))
                    .isEqualTo(17);
        });
    }

    @Test
    void severalDatabasesHaveOnePrimaryAndQualifiers() {
        inMemory.withUserConfiguration(TwoQueries.class)
                .withPropertyValues(
                        "connection-registry.databases.statistics.database=reports",
                        "connection-registry.databases.statistics.service=nightly",
                        "connection-registry.databases.statistics.pool.maximum-size=3")
                .run(application -> {
                    assertThat(application.getBean(TwoQueries.Majors.class)).isEqualTo(new TwoQueries.Majors(17, 18));
                    RegistryDataSource statistics =
                            application.getBean("statisticsDataSource", RegistryDataSource.class);
                    assertThat(statistics.status().service()).isEqualTo("nightly");
                    assertThat(statistics.status().pool().maximumSize()).isEqualTo(3);
                    assertThat(application
                                    .getBean(RegistryDataSource.class)
                                    .status()
                                    .service())
                            .isEqualTo("checkout");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoQueries {
        record Majors(int primary, int statistics) {}

        @Bean
        Majors majors(DataSource primary, @Qualifier("statistics") DataSource statistics) throws SQLException {
            try (Connection one = primary.getConnection();
                    Connection other = statistics.getConnection()) {
                return new Majors(Servers.major(one), Servers.major(other));
            }
        }
    }

    @Test
    void aFurtherDatabaseCannotHaveThePrimarysName() {
        inMemory.withPropertyValues("connection-registry.databases.orders.service=other")
                .run(application -> assertThat(
                                Analyses.of(application.getStartupFailure()).getDescription())
                        .contains("connection-registry.databases.orders has the name of the primary database"));
    }

    @Test
    void propertiesBeginWithWhatAllDatabasesShare() {
        inMemory.withPropertyValues(
                        "connection-registry.allow-endpoints=*.internal:5432",
                        "connection-registry.databases.reports.allow-endpoints=127.0.0.1:*",
                        "connection-registry.databases.reports.pool.connection-init-sql=SET TIME ZONE 'Asia/Tokyo'")
                .run(application -> assertThat(
                                Analyses.of(application.getStartupFailure()).getDescription())
                        .contains("orders can't start")
                        .contains("*.internal:5432"));
    }

    @Test
    void thePoolIsAsTheApplicationSays() {
        inMemory.withPropertyValues(
                        "connection-registry.pool.maximum-size=4",
                        "connection-registry.pool.auto-commit=false",
                        "connection-registry.pool.transaction-isolation=repeatable-read",
                        "connection-registry.pool.connection-init-sql=SET TIME ZONE 'Asia/Tokyo'")
                .run(application -> {
                    RegistryDataSource dataSource = application.getBean(RegistryDataSource.class);
                    assertThat(dataSource.status().pool().maximumSize()).isEqualTo(4);
                    try (Connection connection = dataSource.getConnection()) {
                        assertThat(connection.getAutoCommit()).isFalse();
                        assertThat(connection.getTransactionIsolation())
                                .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
                    }
                    assertThat(application.getBean(JdbcTemplate.class).queryForObject("SHOW timezone", String.class))
                            .isEqualTo("Asia/Tokyo");
                });
    }

    @Test
    void warnsWhenSpringsOwnUrlIsSetAsWell() {
        try (LogCapture log = LogCapture.ofInfo()) {
            inMemory.withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none")
                    .run(application -> assertThat(application).hasSingleBean(RegistryDataSource.class));
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("spring.datasource.url is ignored", "orders");
        }
    }

    @Test
    void warnsWhenSpringsPoolPropertiesAreLeft() {
        try (LogCapture log = LogCapture.ofInfo()) {
            inMemory.withPropertyValues("spring.datasource.hikari.maximum-pool-size=${UNKNOWN}")
                    .run(application -> assertThat(application).hasSingleBean(RegistryDataSource.class));
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "spring.datasource.hikari.* is ignored",
                            "registry-admin set-pool",
                            "connection-registry.pool");
        }
    }

    @Test
    void leavesSpringBootItsOwnDataSourceWhenItIsDisabled() {
        inMemory.withPropertyValues(
                        "connection-registry.enabled=false",
                        "spring.datasource.url=jdbc:postgresql://127.0.0.1:"
                                + Servers.first().port() + "/orders",
                        "spring.datasource.username=app",
                        "spring.datasource.password=" + Servers.PASSWORD)
                .run(application ->
                        assertThat(application.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class));
    }

    @Test
    void noTransactionFailsThroughTwentySwapsUnderLoad() {
        inMemory.run(application -> {
            InMemoryRegistry registry = application.getBean(InMemoryRegistry.class);
            RegistryDataSource dataSource = application.getBean(RegistryDataSource.class);
            JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
            TransactionTemplate transactions =
                    new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
            AtomicBoolean stopping = new AtomicBoolean();
            AtomicInteger done = new AtomicInteger();
            List<CompletableFuture<Void>> busy = IntStream.range(0, 4)
                    .mapToObj(thread -> Background.run(() -> {
                        while (!stopping.get()) {
                            transactions.executeWithoutResult(status -> {
                                jdbc.queryForObject(MAJOR, Integer.class);
                                jdbc.execute("SELECT pg_sleep(0.001)");
                            });
                            done.incrementAndGet();
                        }
                    }))
                    .toList();
            for (int i = 1; i <= 20; i++) {
                registry.put("orders", Servers.settings(i % 2 == 0 ? Servers.first() : Servers.second()));
                int swap = i;
                int before = done.get();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> dataSource.status().version() == swap + 1 && done.get() > before);
            }
            stopping.set(true);
            assertThat(busy).allSatisfy(thread -> assertThat(thread).succeedsWithin(Duration.ofSeconds(30)));
        });
    }

    @Test
    void closesWithoutWaitingForBusyThreadsIfThereIsNoGrace() {
        inMemory.withPropertyValues("connection-registry.close-grace=0s").run(application -> {
            JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
            CompletableFuture<Void> busy = Background.run(() -> jdbc.execute("SELECT pg_sleep(60)"));
            await().until(() -> application
                            .getBean(RegistryDataSource.class)
                            .status()
                            .pool()
                            .active()
                    == 1);
            long start = System.nanoTime();
            application.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertThat(busy).failsWithin(Duration.ofSeconds(30));
        });
    }

    @Test
    void aDataSourceOfTheApplicationsStaysBesideThePrimaryOne() {
        inMemory.withUserConfiguration(OwnDataSource.class).run(application -> {
            assertThat(application.getBean(DataSource.class)).isInstanceOf(RegistryDataSource.class);
            assertThat(application.getBean("legacy")).isInstanceOf(HikariDataSource.class);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnDataSource {
        @Bean
        HikariDataSource legacy() {
            HikariDataSource dataSource = new HikariDataSource();
            dataSource.setJdbcUrl(
                    "jdbc:postgresql://127.0.0.1:" + Servers.first().port() + "/orders");
            return dataSource;
        }
    }

    @Test
    void aCustomizerCompletesTheDataSourceInCode() {
        inMemory.withBean(
                        RegistryDataSourceCustomizer.class,
                        () -> (name, builder) -> builder.instance(name + "-by-hand"))
                .run(application -> assertThat(application
                                .getBean(RegistryDataSource.class)
                                .status()
                                .instance())
                        .isEqualTo("orders-by-hand"));
    }

    @Test
    void readsTheTableByPropertiesAndWithTheApplicationsCredentialsOrClient() {
        try (LocalDynamoDb dynamo = LocalDynamoDb.start();
                DynamoDbClient client = DynamoDbClient.builder()
                        .endpointOverride(dynamo.endpoint())
                        .region(Region.of(dynamo.region()))
                        .credentialsProvider(credentials(dynamo))
                        .build();
                DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(client, "fleet")) {
            operators.createTable();
            operators.write(VersionedSettings.first(
                    new DatabaseName("orders"),
                    Servers.settings(Servers.first()),
                    new Change("ann", Instant.EPOCH, "")));
            ApplicationContextRunner onTable = new ApplicationContextRunner()
                    .withUserConfiguration(OnTable.class)
                    .withPropertyValues(
                            "connection-registry.database=orders",
                            "connection-registry.service=checkout",
                            "connection-registry.table=fleet");
            onTable.withBean(AwsCredentialsProvider.class, () -> credentials(dynamo))
                    .withPropertyValues(
                            "connection-registry.endpoint-url=" + dynamo.endpoint(),
                            "connection-registry.region=" + dynamo.region())
                    .run(application -> assertThat(application
                                    .getBean(RegistryDataSource.class)
                                    .status()
                                    .version())
                            .isEqualTo(1));
            onTable.withBean("theirs", DynamoDbClient.class, () -> client).run(application -> assertThat(application
                            .getBean(RegistryDataSource.class)
                            .status()
                            .version())
                    .isEqualTo(1));
        }
    }

    private static AwsCredentialsProvider credentials(LocalDynamoDb dynamo) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(dynamo.accessKeyId(), dynamo.secretAccessKey()));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OnTable {
        @Bean
        RegistryDataSourceCustomizer passwords() {
            return (name, builder) -> builder.secrets(Servers.secrets());
        }
    }
}
