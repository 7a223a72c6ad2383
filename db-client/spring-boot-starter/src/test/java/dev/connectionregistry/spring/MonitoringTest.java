package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Servers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;

/** What an application shows over HTTP while its data source moves, is held and has trouble. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Change CHANGE = new Change("test", Instant.EPOCH, "");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private ConfigurableApplicationContext application;
    private InMemoryRegistry registry;
    private RegistryDataSource dataSource;

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        final Queue<RegistryStatusEvent> heard = new ConcurrentLinkedQueue<>();

        @EventListener
        void on(RegistryStatusEvent event) {
            heard.add(event);
        }
    }

    @BeforeAll
    void start() {
        application = new SpringApplicationBuilder(InMemory.class, Listening.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(
                        "spring.application.name=checkout",
                        "connection-registry.database=orders",
                        "server.port=0",
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.health.show-details=always",
                        "management.endpoint.health.probes.enabled=true",
                        "management.endpoint.health.group.readiness.include=readinessState,connectionRegistry,db")
                .run();
        registry = application.getBean(InMemoryRegistry.class);
        dataSource = application.getBean(RegistryDataSource.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    @BeforeEach
    void allIsWell() {
        registry.recover();
        registry.put("orders", Servers.settings(Servers.first()));
        awaitServing(current().version());
    }

    private VersionedSettings current() {
        return ((ReadResult.Found) registry.read(ORDERS)).settings();
    }

    private void awaitServing(long version) {
        await().atMost(LONG)
                .until(() -> dataSource.status().version() == version
                        && dataSource.status().state() == InstanceState.ACTIVE);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                + application.getEnvironment().getProperty("local.server.port") + "/actuator" + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode show(String path) throws IOException, InterruptedException {
        return json.readTree(get(path).body());
    }

    private double meter(String nameAndTags, String statistic) throws IOException, InterruptedException {
        for (JsonNode each : show("/metrics/" + nameAndTags).path("measurements")) {
            if (each.path("statistic").asText().equals(statistic)) {
                return each.path("value").asDouble();
            }
        }
        throw new AssertionError("no " + statistic + " of " + nameAndTags);
    }

    @Test
    void healthSaysWhereTheDataSourceIs() throws Exception {
        JsonNode db = show("/health").path("components").path("db");
        assertThat(db.path("status").asText()).isEqualTo("UP");
        assertThat(db.path("details").path("endpoint").asText())
                .isEqualTo(Servers.endpoint(Servers.first()).toString());
        assertThat(db.path("details").path("pool").path("maximumSize").asInt()).isEqualTo(8);
    }

    @Test
    void healthStaysUpWithStaleSettings() throws Exception {
        registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "for this test", null));
        await().atMost(LONG).until(() -> dataSource.status().problem().isPresent());
        JsonNode db = show("/health").path("components").path("db");
        assertThat(db.path("status").asText()).isEqualTo("UP");
        assertThat(db.path("details").path("problem").asText()).contains("for this test");
        assertThat(get("/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void healthAnswersAtOnceAndStaysUpInAHold() throws Exception {
        ConnectionSettings target = Servers.settings(Servers.second());
        Transition prepare = new Transition("c-1", Transition.Phase.PREPARE, target, Duration.ofSeconds(20));
        registry.write(current().nextIn(prepare, CHANGE));
        await().atMost(LONG).until(() -> dataSource.status().state() == InstanceState.READY);
        registry.write(current().nextIn(prepare.in(Transition.Phase.HOLD), CHANGE));
        await().atMost(LONG).until(() -> dataSource.status().state() == InstanceState.HELD);
        JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
        CompletableFuture<Integer> caller =
                Background.supply(() -> jdbc.queryForObject(StarterTest.MAJOR, Integer.class));

        HttpResponse<String> readiness = get("/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(json.readTree(readiness.body())
                        .path("components")
                        .path("db")
                        .path("details")
                        .path("state")
                        .asText())
                .isEqualTo("HELD");
        assertThat(caller).isNotDone();

        registry.write(current().next(target, CHANGE));
        assertThat(caller.get(30, TimeUnit.SECONDS)).isEqualTo(18);
        awaitServing(current().version());
    }

    @Test
    void eventsAndTheEndpointTellOfAMove() throws Exception {
        Queue<RegistryStatusEvent> heard = application.getBean(Listening.class).heard;
        registry.put("orders", Servers.settings(Servers.second()));
        long version = current().version();
        awaitServing(version);
        await().atMost(LONG).until(() -> heard.stream()
                .anyMatch(event -> event.name().equals("orders")
                        && event.isTransition()
                        && event.current().version() == version));

        JsonNode orders = show("/connectionregistry").path("databases").path("orders");
        assertThat(orders.path("primary").asBoolean()).isTrue();
        assertThat(orders.path("endpoint").asText())
                .isEqualTo(Servers.endpoint(Servers.second()).toString());
        JsonNode transitions = orders.path("transitions");
        assertThat(transitions.path(transitions.size() - 1).path("version").asLong())
                .isEqualTo(version);
        assertThat(get("/connectionregistry").body()).doesNotContain(Servers.PASSWORD, "APP_PASSWORD");
        assertThat(show("/connectionregistry/orders").path("version").asLong()).isEqualTo(version);
        assertThat(get("/connectionregistry/none").statusCode()).isEqualTo(404);
    }

    @Test
    void noneOfTheMetersThatSpringBootHasWithHikariIsLost() throws Exception {
        List<String> names = new ArrayList<>();
        show("/metrics").path("names").forEach(name -> names.add(name.asText()));
        assertThat(names)
                .contains(
                        "hikaricp.connections",
                        "hikaricp.connections.acquire",
                        "hikaricp.connections.active",
                        "hikaricp.connections.creation",
                        "hikaricp.connections.idle",
                        "hikaricp.connections.max",
                        "hikaricp.connections.min",
                        "hikaricp.connections.pending",
                        "hikaricp.connections.timeout",
                        "hikaricp.connections.usage",
                        "jdbc.connections.active",
                        "jdbc.connections.idle",
                        "jdbc.connections.max",
                        "jdbc.connections.min");
    }

    @Test
    void metersHaveTheNamesThatDashboardsExpect() throws Exception {
        double before = meter("hikaricp.connections.acquire", "COUNT");
        try (Connection inUse = dataSource.getConnection()) {
            assertThat(inUse.isValid(1)).isTrue();
            assertThat(meter("jdbc.connections.active?tag=name:orders", "VALUE"))
                    .isEqualTo(1);
            assertThat(meter("hikaricp.connections.active?tag=pool:orders", "VALUE"))
                    .isEqualTo(1);
        }
        assertThat(meter("hikaricp.connections.acquire", "COUNT")).isGreaterThan(before);
        assertThat(meter("hikaricp.connections.usage", "COUNT")).isPositive();
        assertThat(meter("hikaricp.connections.creation", "COUNT")).isPositive();
        assertThat(meter("hikaricp.connections.timeout", "COUNT")).isZero();
        assertThat(meter("jdbc.connections.max?tag=name:orders", "VALUE")).isEqualTo(8);
        assertThat(meter("jdbc.connections.min?tag=name:orders", "VALUE")).isEqualTo(2);
        assertThat(meter("hikaricp.connections.min?tag=pool:orders", "VALUE")).isEqualTo(2);
        assertThat(meter("connection.registry.version", "VALUE"))
                .isEqualTo((double) current().version());
    }
}
