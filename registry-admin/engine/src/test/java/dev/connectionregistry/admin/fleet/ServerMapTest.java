package dev.connectionregistry.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServerMapTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.123456Z");
    private static final Instant ONE = NOON.plusSeconds(3600);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final OtherNames names = new OtherNames(registry, new FleetWatcher(registry, timing));

    @Test
    void namesAreShownByServerThenByPostgresDatabase() {
        put("reports", "db1:5432/orders");
        put("orders", "DB1.:5432/orders");
        put("billing", "db1:5432/billing");
        put("users", "db2:5432/users");
        assertThat(map())
                .containsExactly(
                        "db1:5432 []: billing/billing, orders/orders, orders/reports", "db2:5432 []: users/users");
    }

    @Test
    void addressesAtWhichTheSameServerIsReachedAreOneServerAlsoInAChain() {
        put("orders", "db1:5432/orders");
        put("reports", "db1:5432/orders");
        put("billing", "alias:6432/billing");
        report("orders", "a", "db1:5432/orders", NOON, "7");
        report("reports", "r", "10.0.0.1:5432/orders", NOON, "7");
        report("billing", "b", "alias:6432/billing", NOON, "7");
        put("users", "db2:5432/users");
        report("users", "u", "db2:5432/users", ONE, "8");
        assertThat(map())
                .containsExactly(
                        "db1:5432 [10.0.0.1:5432, alias:6432] 7: billing/billing b, orders/orders a, orders/reports r",
                        "db2:5432 [] 8: users/users u");
        assertThat(namesAt("ALIAS:6432")).containsExactly("billing", "orders", "reports");
        assertThat(namesAt("db3:5432")).isEmpty();
    }

    @Test
    void aNameIsFoundByEachHostOfItsCluster() {
        put("orders", "db1:5432,db2:5432/orders");
        put("readers", "db2:5432/orders");
        put("users", "db3:5432/users");
        assertThat(namesAt("db1:5432")).containsExactly("orders", "readers");
        assertThat(namesAt("DB2:5432")).containsExactly("orders", "readers");
        assertThat(namesAt("db4:5432,db2:5432,db1:5432")).containsExactly("orders", "readers");
    }

    private List<String> namesAt(String hosts) {
        return ServerMap.of(names.read().usable()).namesAt(Endpoint.parse(hosts, "any")).stream()
                .map(each -> each.name().value())
                .toList();
    }

    @Test
    void theHostsOfAnEndpointAreOneServerUnderTheNameOfTheFirst() {
        put("orders", "db2:5432,db1:5432/orders");
        put("billing", "db1:5432/billing");
        put("users", "db2:5432/users");
        report("orders", "a", "db2:5432,db1:5432/orders", NOON, "7");
        report("billing", "b", "db1:5432/billing", ONE, "7");
        assertThat(map()).containsExactly("db2:5432 [db1:5432] 7: billing/billing b, orders/orders a, users/users");
    }

    @Test
    void anInstanceThatStayedBehindShowsItsNameOnBothServers() {
        put("orders", "db2:5432/orders");
        report("orders", "a", "db1:5432/old", NOON, "7");
        report("orders", "b", "db2:5432/orders", ONE, "8");
        assertThat(map())
                .containsExactly("db1:5432 [] 7: old/orders a (only instances)", "db2:5432 [] 8: orders/orders b");
    }

    @Test
    void anInstanceThatIsNowhereYetCountsWhereItsSettingsLead() {
        put("orders", "db1:5432/orders");
        report("orders", "a", "", NOON, "7");
        report("orders", "b", "not an endpoint", NOON, "7");
        assertThat(map()).containsExactly("db1:5432 [] 7: orders/orders a b");
    }

    private List<String> map() {
        return ServerMap.of(names.read().usable()).servers().stream()
                .map(server -> server.name() + " " + server.otherNames()
                        + server.systemIdentifier().map(each -> " " + each).orElse("") + ": "
                        + server.names().stream().map(ServerMapTest::text).collect(Collectors.joining(", ")))
                .toList();
    }

    private static String text(ServerMap.NameThere name) {
        return name.postgresDatabase() + "/" + name.fleet().name()
                + name.instances().stream()
                        .map(each -> " " + each.replace("checkout/", ""))
                        .collect(Collectors.joining())
                + (name.bySettings() ? "" : " (only instances)");
    }

    private void put(String name, String endpoint) {
        registry.put(name, ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW")));
    }

    private void report(String name, String instance, String endpoint, Instant started, String system) {
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
                .server(Optional.of(new ServerIdentity(Optional.of(system), 16384, "orders", started)))
                .build());
    }
}
