package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.core.PostgresDatabase;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flyway and Liquibase with nothing but the URL. */
@Timeout(120)
class MigrationToolsTest {
    @TempDir
    private static Path directory = Path.of("");

    private static Stage stage;

    @BeforeAll
    static void start() throws SQLException {
        stage = new Stage(directory);
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    private static int count(String table) throws SQLException {
        try (Connection connection = stage.first.connect(Stage.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void flywayMigratesThroughTheUrl() throws Exception {
        Path scripts = Files.createDirectory(directory.resolve("flyway"));
        Files.writeString(scripts.resolve("V1__items.sql"), "CREATE TABLE items (id int PRIMARY KEY);");
        Files.writeString(scripts.resolve("V2__rows.sql"), "INSERT INTO items VALUES (1);");
        Flyway flyway = Flyway.configure()
                .dataSource(stage.url("flyway", ""), null, null)
                .locations("filesystem:" + scripts)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(2);
        assertThat(flyway.info().current().getVersion()).hasToString("2");
        assertThat(count("items")).isEqualTo(1);
    }

    @Test
    void flywayMigratesAsARoleOfItsOwn() throws Exception {
        stage.login("owner");
        stage.first.execute(Stage.DATABASE, "CREATE SCHEMA owned AUTHORIZATION owner");
        Path scripts = Files.createDirectory(directory.resolve("owned"));
        Files.writeString(scripts.resolve("V1__items.sql"), "CREATE TABLE owned.items (id int PRIMARY KEY);");
        Flyway flyway = Flyway.configure()
                .dataSource(
                        stage.url(
                                "owners",
                                "&migration=true&username=owner&passwordRef="
                                        + URLEncoder.encode(stage.passwordRef("owner"), StandardCharsets.UTF_8)),
                        null,
                        null)
                .locations("filesystem:" + scripts)
                .defaultSchema("owned")
                .load();
        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(1);
        assertThat(count("pg_tables WHERE schemaname = 'owned' AND tableowner = 'owner'"))
                .isEqualTo(2);
    }

    @Test
    void liquibaseMigratesThroughTheUrl() throws Exception {
        write("changes.sql", """
                --liquibase formatted sql
                --changeset a:1
                CREATE TABLE things (id int PRIMARY KEY);
                --changeset a:2
                INSERT INTO things VALUES (1), (2);
                """);
        DirectoryResourceAccessor folder = new DirectoryResourceAccessor(directory);
        try (Database database = DatabaseFactory.getInstance()
                        .openDatabase(stage.url("liquibase", ""), null, null, null, folder);
                Liquibase liquibase = new Liquibase("changes.sql", folder, database)) {
            assertThat(database).isExactlyInstanceOf(PostgresDatabase.class);
            liquibase.update(new Contexts());
            assertThat(liquibase.listUnrunChangeSets(new Contexts(), null)).isEmpty();
        }
        assertThat(count("things")).isEqualTo(2);
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
