package dev.connectionregistry.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.guice.RegistryDataSourceModule;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdersServiceTest {
    private static final String TABLE = "connection-registry";
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");

    /** Not loopback, where this machine has another: in a container it must be reached from outside. */
    private final String host;

    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final ObjectMapper json = new ObjectMapper();
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
    private final DynamoDbRegistryAdministration registry = new DynamoDbRegistryAdministration(client, TABLE);

    private VersionedSettings first;
    private OrdersService service;

    OrdersServiceTest() throws SocketException {
        host = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("127.0.0.1");
    }

    @BeforeAll
    void start(@TempDir Path folder) throws SQLException, IOException {
        Path password = Files.writeString(folder.resolve("password"), "for-this-test-only");
        for (LocalPostgres server : new LocalPostgres[] {old, next}) {
            server.createDatabase("shop").createLogin("orders_app", "for-this-test-only");
            server.execute("shop", "GRANT CREATE ON SCHEMA public TO orders_app");
        }
        next.execute(
                "shop",
                "CREATE TABLE orders (id uuid PRIMARY KEY, item text, quantity integer, placed_at timestamptz)",
                "GRANT SELECT, INSERT ON orders TO orders_app");
        registry.createTable();
        first = VersionedSettings.first(
                ORDERS,
                ConnectionSettings.of(shopOn(old), "orders_app", SecretRef.parse("file:" + password))
                        .withPool(PoolSettings.DEFAULT.withMaximumSize(2))
                        .withPolling(Polling.every(Duration.ofMillis(100))),
                CHANGE);
        registry.write(first);
        service = OrdersService.start(
                host,
                0,
                RegistryDataSourceModule.of(RegistryDataSource.builder()
                        .registry(new DynamoDbSettingsRegistry(client, TABLE))
                        .database("orders")
                        .service("orders-service")));
    }

    @AfterAll
    void stop() {
        service.close();
        client.close();
        next.close();
        old.close();
        dynamo.close();
    }

    @Test
    void takesOrdersBeforeAndAfterAMove() throws Exception {
        JsonNode before =
                json.readTree(place("{\"item\": \"tea\", \"quantity\": 2}").body());
        assertThat(get("/orders/" + before.path("id").asText()).body()).contains("\"item\":\"tea\"");
        assertThat(health().path("version").asInt()).isEqualTo(1);

        registry.write(first.next(first.settings().withEndpoint(shopOn(next)), CHANGE));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        health().path("endpoint").asText().equals(shopOn(next).toString()));
        assertThat(health().path("version").asInt()).isEqualTo(2);

        HttpResponse<String> after = place("{\"item\": \"coffee\", \"quantity\": 1}");
        assertThat(after.statusCode()).isEqualTo(201);
        assertThat(get("/orders").body()).contains("coffee");
    }

    @Test
    void answersWithTheStatusThatFits() throws Exception {
        assertThat(place("not json").statusCode()).isEqualTo(400);
        assertThat(place("null").statusCode()).isEqualTo(400);
        assertThat(place("{\"item\": \"tea\", \"quantity\": 0}").statusCode()).isEqualTo(400);
        assertThat(get("/orders/no-id").statusCode()).isEqualTo(404);
        assertThat(get("/orders/00000000-0000-0000-0000-000000000000").statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> place(String body) throws IOException, InterruptedException {
        return http.send(
                request("/orders")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode health() throws IOException, InterruptedException {
        return json.readTree(get("/health").body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + ":" + service.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static Endpoint shopOn(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), "shop");
    }
}
