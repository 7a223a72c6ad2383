package dev.connectionregistry.samples.springorders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The application on real servers, moved and cut over by an operator while customers place orders. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringOrdersTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");
    private static final String PASSWORD = "for-this-test-only";
    private static final int MOVES = 20;

    private final LocalDynamoDb dynamo = LocalDynamoDb.start();
    private final LocalPostgres old =
            LocalPostgres.start(LocalPostgres.availableMajors().first());
    private final LocalPostgres next =
            LocalPostgres.start(LocalPostgres.availableMajors().last());
    private final DynamoDbClient client = DynamoDbClient.builder()
            .endpointOverride(dynamo.endpoint())
            .region(Region.of(dynamo.region()))
            .credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(dynamo.accessKeyId(), dynamo.secretAccessKey())))
            .build();
    private final DynamoDbRegistryAdministration registry =
            new DynamoDbRegistryAdministration(client, "connection-registry");

    private ConfigurableApplicationContext application;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) throws SQLException, IOException {
        folder = temporary;
        Files.writeString(folder.resolve("app"), PASSWORD);
        for (LocalPostgres server : List.of(old, next)) {
            Files.writeString(folder.resolve("admin-" + server.port()), server.password());
            server.createDatabase("shop").createLogin("orders_app", PASSWORD).createLogin("orders_owner", PASSWORD);
            server.execute(
                    "shop",
                    "GRANT CREATE, USAGE ON SCHEMA public TO orders_owner",
                    "GRANT USAGE ON SCHEMA public TO orders_app",
                    "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        }
        registry.createTable();
        registry.write(VersionedSettings.first(
                ORDERS,
                ConnectionSettings.of(
                                shop(old, "127.0.0.1"), "orders_app", SecretRef.parse("file:" + folder.resolve("app")))
                        .withPool(PoolSettings.DEFAULT.withMaximumSize(4).withMinimumIdle(4))
                        .withPolling(Polling.every(Duration.ofMillis(100))),
                CHANGE));
        application = new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("dynamoDbClient", client))
                .run(
                        "--server.port=0",
                        "--connection-registry.start-timeout=30s", // of a machine that is busy
                        "--connection-registry.snapshot=" + folder.resolve("orders.json"),
                        "--connection-registry.migration.password-ref=file:" + folder.resolve("app"));
    }

    @AfterAll
    void stop() {
        application.close();
        client.close();
        next.close();
        old.close();
        dynamo.close();
    }

    private static Endpoint shop(LocalPostgres server, String host) {
        return new Endpoint(host, server.port(), "shop");
    }

    private int port() {
        return Integer.parseInt(String.valueOf(application.getEnvironment().getProperty("local.server.port")));
    }

    @Test
    void isTestedOnTheVersionThatTheBuildSays() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
    }

    @Test
    void noRequestFailsAndNoOrderIsLostThroughTwentyMovesAndTwoCutovers() throws Exception {
        RegistryDataSource dataSource = application.getBean(RegistryDataSource.class);
        try (Orders orders = new Orders(port())) {
            for (int i = 1; i <= MOVES; i++) {
                VersionedSettings current = registry.read(ORDERS).current().orElseThrow();
                Endpoint endpoint = shop(old, i % 2 == 0 ? "127.0.0.1" : "localhost");
                registry.write(current.next(current.settings().withEndpoint(endpoint), CHANGE));
                int before = orders.placed();
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                dataSource.status().version() == current.version() + 1 && orders.placed() > before);
            }

            cutOver(old, next);
            assertThat(dataSource.status().endpoint()).contains(shop(next, "127.0.0.1"));
            int afterTheFirst = orders.placed();
            await().atMost(Duration.ofSeconds(30)).until(() -> orders.placed() > afterTheFirst + 20);
            cutOver(next, old);
            int afterTheSecond = orders.placed();
            await().atMost(Duration.ofSeconds(30)).until(() -> orders.placed() > afterTheSecond + 20);
            assertThat(dataSource.status().endpoint()).contains(shop(old, "127.0.0.1"));
            orders.stop();

            assertThat(orders.failures()).isEmpty();
            assertThat(orders.sawState("PREPARING") || orders.sawState("READY")).isTrue();
            assertThat(ids(old)).containsAll(orders.acknowledged());
            assertThat(orders.get("/orders/" + orders.acknowledged().element()).body())
                    .contains("\"item\":\"tea\"");
            assertThat(orders.get("/actuator/metrics/hikaricp.connections.acquire")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** As an operator does it: the schema, the replication, the cutover; afterwards fence and replication are removed. */
    private void cutOver(LocalPostgres from, LocalPostgres to) throws Exception {
        Flyway.configure()
                .dataSource("jdbc:postgresql://127.0.0.1:" + to.port() + "/shop", "orders_owner", PASSWORD)
                .placeholders(Map.of("application-role", "orders_app"))
                .load()
                .migrate();
        to.execute("shop", "TRUNCATE orders, order_totals, flyway_schema_history");
        LogicalReplication replication =
                LogicalReplication.start(from, to, "shop").awaitInitialCopy(Duration.ofSeconds(60));
        run(
                "cutover",
                "orders",
                "--to",
                "127.0.0.1:" + to.port(),
                "--admin-username",
                to.superuser(),
                "--admin-password-ref",
                "file:" + folder.resolve("admin-" + from.port()),
                "--target-admin-password-ref",
                "file:" + folder.resolve("admin-" + to.port()));
        from.execute("postgres", "ALTER DATABASE shop RESET default_transaction_read_only"); // the fence
        replication.drop();
    }

    private void run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--region", dynamo.region(), "--endpoint-url", dynamo.endpoint().toString()));
        System.setProperty("aws.accessKeyId", dynamo.accessKeyId());
        System.setProperty("aws.secretAccessKey", dynamo.secretAccessKey());
        try {
            int code = new Main(
                            new ByteArrayInputStream(new byte[0]),
                            both,
                            both,
                            Terminal.NONE,
                            Map.of(),
                            new SystemTiming())
                    .run(all.toArray(String[]::new));
            assertThat(code).as(output.toString(StandardCharsets.UTF_8)).isZero();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private static Set<String> ids(LocalPostgres server) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id::text FROM orders")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
