package dev.connectionregistry.samples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.junit.RegistryExtension;
import dev.connectionregistry.junit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Libraries on the data source, through 20 moves, a hold and a cutover under load: no work fails, is lost or is done twice. */
@Timeout(240)
class FrameworksTest {
    private static final String DATABASE = "work";
    private static final int MOVES = 20;
    private static final Duration HOLD = Duration.ofMillis(500);

    @RegisterExtension
    static final RegistryExtension twoServers = RegistryExtension.builder()
            .database(DATABASE)
            .prepare(connection -> execute(connection, "CREATE TABLE work (id text)"))
            .build();

    /** For job queues: what is to be done is in the database, and has to be there after a move. */
    @RegisterExtension
    static final RegistryExtension oneServer = RegistryExtension.builder()
            .database(DATABASE)
            .oneServer()
            .prepare(FrameworksTest::migrate)
            .build();

    private final List<RegistryDataSource> dataSources = new ArrayList<>();
    private final List<Framework> frameworks = new ArrayList<>();

    private static void migrate(Connection connection) throws SQLException {
        execute(connection, "CREATE TABLE work (id text)");
        execute(connection, resource("/org/quartz/impl/jdbcjobstore/tables_postgres.sql"));
        execute(connection, resource("/db-scheduler.sql"));
    }

    private static String resource(String name) {
        try (InputStream in = FrameworksTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private DataSource dataSource(RegistryExtension registry, String service) {
        RegistryDataSource dataSource = RegistryDataSource.builder()
                .registry(registry.registry())
                .database(DATABASE)
                .service(service)
                .build();
        dataSources.add(dataSource);
        return dataSource;
    }

    /** Two instances of a service. */
    private List<DataSource> instances(String service) {
        return List.of(dataSource(oneServer, service + "-1"), dataSource(oneServer, service + "-2"));
    }

    @AfterEach
    void close() throws Exception {
        for (Framework each : frameworks) {
            each.finish();
            each.end();
        }
        dataSources.forEach(RegistryDataSource::close);
    }

    @Test
    void queriesOfJooqJdbiAndMyBatisNoticeNothing() throws Exception {
        for (Queries each : Queries.values()) {
            frameworks.add(each.framework(dataSource(twoServers, each.name())));
        }
        moveAndHoldUnderLoad(twoServers);
        requireOnceEach(Stream.of(twoServers.first(), twoServers.second())
                .flatMap(server -> rows(twoServers, server).stream())
                .toList());
    }

    @Test
    void jobsOfQuartzDbSchedulerAndJobRunrAreRunOnceEach() throws Exception {
        frameworks.add(new QuartzCluster(instances("quartz")));
        frameworks.add(new DbSchedulers(instances("db-scheduler")));
        frameworks.add(new JobRunrServers(instances("jobrunr")));
        moveAndHoldUnderLoad(oneServer);
        requireOnceEach(rows(oneServer, oneServer.first()));
    }

    private void moveAndHoldUnderLoad(RegistryExtension registry) throws InterruptedException {
        frameworks.forEach(Framework::start);
        frameworks.forEach(each -> each.awaitMore(10));
        for (int i = 1; i <= MOVES; i++) {
            registry.move(DATABASE, i % 2 == 1 ? registry.second() : registry.first());
            frameworks.forEach(each -> each.awaitMore(3));
        }
        registry.holdFor(DATABASE, HOLD);
        frameworks.forEach(each -> each.awaitMore(3));
        registry.cutOver(DATABASE, registry.second(), HOLD);
        frameworks.forEach(each -> each.awaitMore(3));
        for (Framework each : frameworks) {
            each.finish();
        }
    }

    private void requireOnceEach(List<String> rows) {
        for (Framework each : frameworks) {
            assertThat(each.failures()).as(each.toString()).isEmpty();
            Set<String> given = each.given();
            assertThat(rows.stream().filter(given::contains).sorted().toArray())
                    .as(each.toString())
                    .isEqualTo(given.stream().sorted().toArray());
        }
    }

    private static List<String> rows(RegistryExtension registry, TestServer server) {
        try (Connection connection = server.connect(registry.postgresName(DATABASE));
                Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("SELECT id FROM work")) {
            List<String> rows = new ArrayList<>();
            while (all.next()) {
                rows.add(all.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
