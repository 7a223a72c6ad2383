package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.ClassUtils;

/** Flyway and Liquibase in an application: with which role, on which server, and during a cutover. */
@Timeout(180)
class MigrationsTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OWNER =
            "SELECT tableowner FROM pg_tables WHERE schemaname = 'migrated' AND tablename = 'items'";

    @TempDir
    private Path folder = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private ApplicationContextRunner flyway = new ApplicationContextRunner();
    private ApplicationContextRunner liquibase = new ApplicationContextRunner();

    /** The server outlives this class, so the role is still there if the tests run again. */
    private static final AtomicBoolean OWNER_IS_THERE = new AtomicBoolean();

    @BeforeAll
    static void anOwnerBesideTheApplicationsRole() throws SQLException {
        if (OWNER_IS_THERE.compareAndSet(false, true)) {
            Servers.first().createLogin("schema_owner", Servers.PASSWORD);
        }
    }

    @BeforeEach
    void anEmptySchemaAndAMigration() throws SQLException, IOException {
        Servers.first()
                .execute(
                        "orders",
                        "DROP SCHEMA IF EXISTS migrated CASCADE",
                        "CREATE SCHEMA migrated AUTHORIZATION schema_owner");
        registry.put("orders", Servers.settings(Servers.first()));
        Files.writeString(folder.resolve("V1__items.sql"), "CREATE TABLE migrated.items (id int PRIMARY KEY);");
        Path changes = Files.writeString(folder.resolve("changes.sql"), """
                --liquibase formatted sql
                --changeset a:1
                CREATE TABLE migrated.items (id int PRIMARY KEY);
                """);
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withUserConfiguration(Following.class)
                .withBean(InMemoryRegistry.class, () -> registry)
                .withPropertyValues("spring.application.name=checkout", "connection-registry.database=orders");
        flyway = runner.withPropertyValues(
                "spring.flyway.enabled=true",
                "spring.flyway.locations=filesystem:" + folder,
                "spring.flyway.default-schema=migrated");
        liquibase = runner.withPropertyValues(
                "spring.liquibase.enabled=true",
                "spring.liquibase.change-log=" + changes.toUri(),
                "spring.liquibase.liquibase-schema=migrated");
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private static String one(String sql) {
        try (Connection connection = Servers.first().connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "nothing";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection-registry.migration.username=schema_owner,connection-registry.migration.password-ref=env:APP_PASSWORD",
                "spring.flyway.user=schema_owner,spring.flyway.password=" + Servers.PASSWORD
            })
    void flywayHasARoleOfItsOwnWhileItMigrates(String properties) {
        flyway.withPropertyValues(properties.split(",", -1))
                .withPropertyValues("connection-registry.allow-secrets=env:APP_*", "connection-registry.instance=pod-1")
                .run(application -> {
                    assertThat(application).hasNotFailed();
                    assertThat(one(OWNER)).isEqualTo("schema_owner");
                    assertThat(application.getBean(DataSource.class))
                            .isSameAs(application.getBean(RegistryDataSource.class));
                    assertThat(application
                                    .getBean(JdbcTemplate.class)
                                    .queryForObject("SELECT session_user", String.class))
                            .isEqualTo("app");
                    assertThat(application
                                    .getBean(Following.EveryDataSource.class)
                                    .all())
                            .hasSize(1);
                    await().atMost(LONG)
                            .until(() -> one("SELECT count(*) FROM pg_stat_activity WHERE usename = 'schema_owner'")
                                    .equals("0"));
                    await().atMost(LONG).untilAsserted(() -> assertThat(registry.fleet(ORDERS))
                            .extracting(InstanceReport::instance, InstanceReport::state)
                            .containsExactlyInAnyOrder(
                                    tuple("pod-1", InstanceState.ACTIVE),
                                    tuple("pod-1-flyway", InstanceState.STOPPED)));
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Following {
        /** What the application gets that asks for all of them. */
        record EveryDataSource(Map<String, DataSource> all) {}

        @Bean
        SecretResolver secrets() {
            return Servers.secrets();
        }

        @Bean
        EveryDataSource every(Map<String, DataSource> all) {
            return new EveryDataSource(all);
        }
    }

    private void prepare(String id) {
        VersionedSettings current = registry.read(ORDERS).current().orElseThrow();
        registry.write(current.nextIn(
                new Transition(id, Transition.Phase.PREPARE, current.settings(), Duration.ofSeconds(5)), CHANGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection-registry.migration.username=schema_owner,connection-registry.migration.password-ref=env:APP_PASSWORD",
                "spring.liquibase.user=schema_owner,spring.liquibase.password=" + Servers.PASSWORD
            })
    void liquibaseHasARoleOfItsOwn(String properties) {
        liquibase.withPropertyValues(properties.split(",", -1)).run(application -> {
            assertThat(application).hasNotFailed();
            assertThat(one(OWNER)).isEqualTo("schema_owner");
            assertThat(one("SELECT tableowner FROM pg_tables WHERE tablename = 'databasechangelog'"))
                    .isEqualTo("schema_owner");
        });
    }

    @Test
    void withoutARoleTheyMigrateAsTheApplication() throws SQLException {
        Servers.first().execute("orders", "GRANT CREATE, USAGE ON SCHEMA migrated TO app");
        flyway.run(application -> assertThat(one(OWNER)).isEqualTo("app"));
    }

    @Test
    void aMigrationDoesNotBeginDuringACutoverAndSaysWhichOneAndWhatToDo() {
        prepare("c-17");
        flyway.withPropertyValues("connection-registry.migration.cutover-timeout=0s")
                .run(application -> {
                    assertThat(application).hasFailed();
                    assertThat(application.getStartupFailure())
                            .hasStackTraceContaining("cutover c-17 to ")
                            .hasStackTraceContaining("phase prepare")
                            .hasStackTraceContaining("registry-admin cutover status orders");
                    assertThat(one(OWNER)).isEqualTo("nothing");
                });
    }

    @Test
    void aMigrationThatWaitedForTheEndOfACutoverGoesOn() {
        prepare("c-18");
        CompletableFuture<Void> start = Background.run(() -> flyway.withPropertyValues(
                        "connection-registry.migration.username=schema_owner",
                        "connection-registry.migration.password-ref=env:APP_PASSWORD")
                .run(application -> {
                    assertThat(application).hasNotFailed();
                    assertThat(one(OWNER)).isEqualTo("schema_owner");
                }));
        // that of the application and that of the migration, both members of the fleet
        await().atMost(LONG).until(() -> registry.fleet(ORDERS).size() == 2);
        assertThat(one(OWNER)).isEqualTo("nothing");
        VersionedSettings current = registry.read(ORDERS).current().orElseThrow();
        registry.write(current.next(current.settings(), CHANGE));
        assertThat(start).succeedsWithin(LONG);
    }

    @Test
    void aMigrationMayHaveItsOwnUrlIfThatIsSaid() {
        ApplicationContextRunner withUrl = flyway.withPropertyValues(
                "spring.flyway.url=jdbc:postgresql://127.0.0.1:"
                        + Servers.first().port() + "/orders",
                "spring.flyway.user=schema_owner",
                "spring.flyway.password=" + Servers.PASSWORD);
        try (LogCapture log = LogCapture.ofInfo()) {
            withUrl.run(application -> assertThat(application).hasNotFailed());
            assertThat(log.warnings())
                    .anyMatch(line -> line.contains("spring.flyway.url is ignored")
                            && line.contains("connection-registry.migration.enabled=false"));
        }
        withUrl.withPropertyValues("connection-registry.migration.enabled=false")
                .run(application -> {
                    assertThat(application).hasNotFailed();
                    assertThat(application.getBeanNamesForType(DataSource.class))
                            .containsExactly("ordersDataSource");
                });
    }

    /** Data sources of the application's own, annotated as each generation of Spring Boot wants it. */
    @Configuration(proxyBeanMethods = false)
    static class OwnInBoot3 {
        @Bean
        @org.springframework.boot.autoconfigure.flyway.FlywayDataSource
        DataSource ownFlyway() {
            return ownDataSource();
        }

        @Bean
        @org.springframework.boot.autoconfigure.liquibase.LiquibaseDataSource
        DataSource ownLiquibase() {
            return ownDataSource();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInBoot4 {
        @Bean
        @org.springframework.boot.flyway.autoconfigure.FlywayDataSource
        DataSource ownFlyway() {
            return ownDataSource();
        }

        @Bean
        @org.springframework.boot.liquibase.autoconfigure.LiquibaseDataSource
        DataSource ownLiquibase() {
            return ownDataSource();
        }
    }

    private static DataSource ownDataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://" + Servers.endpoint(Servers.first()));
        dataSource.setUser("schema_owner");
        dataSource.setPassword(Servers.PASSWORD);
        dataSource.setApplicationName("own");
        return dataSource;
    }

    @ParameterizedTest
    @ValueSource(strings = {"flyway", "liquibase"})
    void aDataSourceThatTheApplicationHasForMigrationsIsUsed(String tool) {
        boolean isBoot4 = ClassUtils.isPresent(
                "org.springframework.boot.flyway.autoconfigure.FlywayDataSource",
                getClass().getClassLoader());
        (tool.equals("flyway") ? flyway : liquibase)
                .withUserConfiguration(isBoot4 ? OwnInBoot4.class : OwnInBoot3.class)
                // would be the starter's
                .withPropertyValues(
                        "connection-registry.migration.username=none",
                        "connection-registry.migration.password-ref=env:NONE")
                .run(application -> {
                    assertThat(application).hasNotFailed();
                    assertThat(one(OWNER)).isEqualTo("schema_owner");
                    assertThat(application.getBeanNamesForType(DataSource.class))
                            .containsExactlyInAnyOrder("ordersDataSource", "ownFlyway", "ownLiquibase");
                    assertThat(application.getBean(DataSource.class)).isInstanceOf(RegistryDataSource.class);
                    assertThat(application
                                    .getBean(JdbcTemplate.class)
                                    .queryForObject("SELECT session_user", String.class))
                            .isEqualTo("app");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection-registry.migration.username=schema_owner|connection-registry.migration' needs both",
                "spring.flyway.user=schema_owner|'spring.flyway.password' isn't"
            })
    void aRoleWithoutAPasswordIsNamed(String propertyAndMessage) {
        String[] parts = propertyAndMessage.split("[|]", -1);
        flyway.withPropertyValues(parts[0]).run(application -> assertThat(
                        Analyses.of(application.getStartupFailure()).getDescription())
                .contains(parts[1]));
    }
}
