package dev.connectionregistry.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherNamesTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Endpoint DB1 = Endpoint.parse("db1:5432/orders");
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.123456Z");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final OtherNames names = new OtherNames(registry, new FleetWatcher(registry, timing));

    @BeforeEach
    void orders() {
        put("orders", "db1:5432/orders");
        report("orders", "a", "db1:5432/orders", Optional.of(identity("7", 16384, NOON)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db1:5432/orders", "DB1:5432/orders", "db1.:5432/orders", "db2:5432,db1:5432/orders"})
    void aNameWithoutInstancesCountsByItsEndpoint(String endpoint) {
        put("billing", endpoint);
        assertThat(shared()).singleElement().satisfies(shared -> {
            assertThat(shared.name()).hasToString("billing");
            assertThat(shared.instances()).isEmpty();
            assertThat(shared.byIdentity()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"db1:5433/orders", "db1:5432/Orders", "db1:5432/billing", "db2:5432/orders"})
    void anotherDatabaseIsNoConcern(String endpoint) {
        put("billing", endpoint);
        assertThat(shared()).isEmpty();
    }

    @Test
    void aServerIsKnownByWhatInstancesReachedWhateverItIsCalled() {
        put("billing", "alias.internal:6432/orders");
        report("billing", "b", "alias.internal:6432/orders", Optional.of(identity("7", 16384, NOON)));
        report("billing", "c", "alias.internal:6432/orders", Optional.of(identity("7", 16384, NOON)));
        assertThat(shared()).singleElement().satisfies(shared -> {
            assertThat(shared.instances()).isEqualTo(List.of("checkout/b", "checkout/c"));
            assertThat(shared.byIdentity()).isTrue();
        });
    }

    @Test
    void aRoleThatMayNotAskForTheSystemIdentifierIsRecognisedAllTheSame() {
        put("billing", "alias.internal:6432/orders");
        report(
                "billing",
                "b",
                "alias.internal:6432/orders",
                Optional.of(new ServerIdentity(Optional.empty(), 16384, "orders", NOON)));
        assertThat(shared()).hasSize(1);
    }

    /** A standby or a restored copy, another database of the server, another server. */
    @ParameterizedTest
    @CsvSource({
        "7, 16384, 2026-11-01T12:00:00.123457Z",
        "7, 16385, 2026-11-01T12:00:00.123456Z",
        "8, 16384, 2026-11-01T12:00:00.123456Z"
    })
    void whatOnlyLooksAlikeIsNoConcern(String system, long oid, Instant started) {
        put("billing", "alias.internal:6432/orders");
        report("billing", "b", "alias.internal:6432/orders", Optional.of(identity(system, oid, started)));
        assertThat(shared()).isEmpty();
    }

    @Test
    void anotherDatabaseOfTheServerSharesOnlyTheServer() {
        put("billing", "DB1:5432/billing");
        put("reports", "alias.internal:6432/reports");
        report("reports", "r", "alias.internal:6432/reports", Optional.of(identity("7", 16385, NOON)));
        put("far", "db2:5432/orders");
        report("far", "f", "db2:5432/orders", Optional.of(identity("8", 16384, NOON)));
        assertThat(OtherNames.namesOnServer(ORDERS, DB1, names.read().usable()))
                .extracting(shared -> shared.name() + " " + shared.place() + " " + shared.byIdentity())
                .containsExactly("billing SERVER false", "reports SERVER true");
    }

    @Test
    void whatIsReachedAtAnEndpointIsWhatInstancesOfAnyNameSay() {
        report("billing", "b", "DB1.:5432/orders", Optional.of(identity("7", 16385, NOON)));
        put("billing", "db1:5432/orders");
        assertThat(OtherNames.reachedAt(DB1, names.read().usable()))
                .containsExactlyInAnyOrder(identity("7", 16384, NOON), identity("7", 16385, NOON));
        assertThat(OtherNames.reachedAt(
                        Endpoint.parse("db2:5432/orders"), names.read().usable()))
                .isEmpty();
    }

    @Test
    void anInstanceThatStayedBehindOnTheServerCounts() {
        put("billing", "db9:5432/orders");
        report("billing", "b", "db1:5432/orders", Optional.empty());
        assertThat(shared()).hasSize(1);
    }

    @Test
    void aNameWithSettingsOfAnotherProgramIsToldInAShortLine() {
        Map<String, Object> document = new LinkedHashMap<>(
                SettingsCodec.toDocument(ConnectionSettings.of(DB1, "app", SecretRef.parse("env:PW"))));
        document.put("role", "x".repeat(100_000));
        registry.putDocument("broken", document);
        assertThat(registry.read(new DatabaseName("broken")))
                .isInstanceOfSatisfying(ReadResult.Malformed.class, each -> assertThat(each.problem())
                        .hasSizeGreaterThan(2_000));

        assertThat(names.read().unusable()).singleElement().satisfies(each -> {
            assertThat(each.name()).hasToString("broken");
            assertThat(each.problem()).hasSizeLessThanOrEqualTo(2_000);
        });
    }

    private List<OtherNames.Shared> shared() {
        return OtherNames.namesOnServer(ORDERS, DB1, names.readKnown().usable()).stream()
                .filter(each -> each.place() == OtherNames.Place.DATABASE)
                .toList();
    }

    private void put(String name, String endpoint) {
        registry.put(name, ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW")));
    }

    private static ServerIdentity identity(String system, long oid, Instant started) {
        return new ServerIdentity(Optional.of(system), oid, "orders", started);
    }

    private void report(String name, String instance, String endpoint, Optional<ServerIdentity> server) {
        registry.report(InstanceReport.builder(new DatabaseName(name), "checkout", instance)
                .state(InstanceState.ACTIVE)
                .version(1)
                .acknowledgedVersion(1)
                .endpoint(endpoint)
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(timing.now())
                .reportedAt(timing.now())
                .pool(new PoolFigures(1, 9, 0, 10))
                .clientVersion("test")
                .server(server)
                .build());
    }
}
