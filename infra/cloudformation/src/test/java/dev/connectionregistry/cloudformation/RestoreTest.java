package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table that was restored from an older copy while its fleet goes on. */
@Timeout(120)
class RestoreTest {
    private static final String TABLE = TableLocation.DEFAULT_TABLE;
    private static final String PASSWORD = "the-password";

    @TempDir
    private Path folder = Path.of("");

    private LocalDynamoDb server;
    private LocalPostgres postgres;
    private DynamoDbClient client;
    private Program program;

    @BeforeEach
    void start() throws SQLException {
        server = LocalDynamoDb.start();
        postgres = LocalPostgres.start(17);
        postgres.createLogin("app", PASSWORD);
        postgres.createDatabase("here");
        postgres.createDatabase("there");
        postgres.createDatabase("lost");
        program = new Program(server.endpoint());
        client = DynamoDbClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(ProfileCredentialsProvider.create("onlooker"))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        postgres.close();
        server.close();
    }

    @Test
    void aFleetThatIsAheadStaysWhereItIsIsShownAndFollowsALiftedVersion() throws IOException {
        addOrders();
        List<Map<String, AttributeValue>> backup = items();
        try (DynamoDbSettingsRegistry registry = registry();
                RegistryDataSource source = service(registry)) {
            operator("set-pool orders --maximum-size 4");
            operator("set-endpoint orders " + at("there") + " --wait --timeout 60s");
            assertThat(source.status().version()).isEqualTo(3);

            restore(backup);
            awaitStatus("has seen version 3, but the table is at version 1");
            assertThat(source.status().version()).isEqualTo(3);
            assertThat(endpoint(source)).isEqualTo(at("there"));

            operator("set-pool orders --maximum-size 5"); // version 2, of which the fleet has seen another one
            assertThat(operator("lift orders --dry-run")).contains("would be lifted", "version 4");
            assertThat(operator("lift orders")).contains("version 2 of 'orders' is version 4 now");

            awaitVersion(source, 4);
            assertThat(endpoint(source)).isEqualTo(at("here"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> operator("status orders").contains("1 of 1 live instances"));
            assertThat(operator("lift orders")).contains("nothing to lift");
            assertThat(operator("history orders")).contains("4", "2", "1");
        }
    }

    /** One write after the restore, and the table has the number that the fleet has seen, but not what it has seen. */
    @Test
    void aFleetThatWasAheadByOneFollowsOnceLiftIsToldHowFarItWas() throws IOException {
        addOrders();
        List<Map<String, AttributeValue>> backup = items();
        try (DynamoDbSettingsRegistry registry = registry();
                RegistryDataSource source = service(registry)) {
            operator("set-endpoint orders " + at("lost") + " --wait --timeout 60s");
            assertThat(source.status().version()).isEqualTo(2);

            restore(backup);
            awaitStatus("has seen version 2, but the table is at version 1");
            operator("set-endpoint orders " + at("there") + " --no-wait"); // another version 2
            assertThat(operator("lift orders")).contains("nothing to lift");
            assertThat(operator("lift orders --above 2")).contains("version 2 of 'orders' is version 3 now");

            awaitVersion(source, 3);
            assertThat(endpoint(source)).isEqualTo(at("there"));
            assertThat(operator("lift orders --above 2")).contains("nothing to lift");
        }
    }

    private void addOrders() throws IOException {
        operator("init");
        operator("add orders --endpoint " + at("here") + " --username app --password-ref file:"
                + Files.writeString(folder.resolve("password"), PASSWORD) + " --poll-interval 100ms");
    }

    private DynamoDbSettingsRegistry registry() {
        return DynamoDbSettingsRegistry.open(TableLocation.of(TABLE)
                .withEndpointUrl(server.endpoint().toString())
                .withProfile(Play.SERVICE));
    }

    private static RegistryDataSource service(DynamoDbSettingsRegistry registry) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("checkout")
                .instance("one")
                .heartbeat(Duration.ofSeconds(1))
                .build();
    }

    private static void awaitVersion(RegistryDataSource source, long version) {
        await().atMost(Duration.ofSeconds(30)).until(() -> source.status().version() == version);
    }

    private static String endpoint(RegistryDataSource source) {
        return source.status().endpoint().orElseThrow().toString();
    }

    private String operator(String line) {
        return program.run(Play.OPERATOR, 0, line);
    }

    private String at(String database) {
        return postgres.host() + ":" + postgres.port() + "/" + database;
    }

    private void awaitStatus(String text) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> operator("status orders").contains(text));
    }

    private List<Map<String, AttributeValue>> items() {
        return client.scan(b -> b.tableName(TABLE).consistentRead(true)).items();
    }

    /** As a restore under the same name: what is there goes, what the copy has comes. */
    private void restore(List<Map<String, AttributeValue>> copy) {
        client.deleteTable(b -> b.tableName(TABLE));
        operator("init");
        copy.forEach(item -> client.putItem(b -> b.tableName(TABLE).item(item)));
    }
}
