package dev.connectionregistry.admin.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.ReaderServer.State;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names orders, on a primary, and orders-ro, on its standby ro1; they go to the primary db2 and its standby ro2. */
class ReaderCommandTest {
    private static final String MOVE =
            "orders from db1:5432/orders to db2:5432/orders; orders-ro from ro1:5432/orders to ro2:5432/orders";
    private static final String COMMAND = "cutover orders-ro orders --to db2:5432 --map orders-ro=ro2:5432";

    private final Script script = new Script();
    private final FakeServers servers = new FakeServers(script);
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(new ScriptedRegistry(registry, script), servers);

    @BeforeEach
    void aPrimaryAndItsReaderOnBothSides() {
        servers.sourceIdentity = identity("1");
        servers.targetIdentity = identity("2");
        servers.standbys.put("ro1", new State(Endpoint.parse("ro1:5432/orders"), identity("1"), true, "0/1"));
        servers.standbys.put("ro2", new State(Endpoint.parse("ro2:5432/orders"), identity("2"), true, "0/10"));
        put("orders", "db1:5432/orders", ServerRole.PRIMARY);
        put("orders-ro", "ro1:5432/orders", ServerRole.PREFER_STANDBY);
    }

    private static PostgresIdentity identity(String cluster) {
        return new PostgresIdentity(
                cluster, "orders", 17, "17.11", Optional.of(new ServerRun(1, "2026-11-01T12:00:00Z")));
    }

    private void put(String name, String endpoint, ServerRole role) {
        registry.put(
                name,
                ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW"))
                        .withRole(role));
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }

    @Test
    void saysWhereTheReaderWentAndThatOnlyThePrimaryIsFenced() {
        Run run = run(COMMAND);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("switched " + MOVE)
                .contains("the read-only fence stays up on db1:5432/orders; ")
                .contains("callers are on db2:5432/orders and ro2:5432/orders");
        Run status = run("cutover status orders-ro");
        assertThat(status.code()).as(status.err()).isZero();
        assertThat(status.out()).doesNotContain("fence now");
    }

    @Test
    void aDryRunShowsWhatTheSwitchWaitsFor() {
        Run run = run(COMMAND + " --dry-run");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("these 2 would go together: " + MOVE)
                .contains("those on db1:5432/orders\n", "fence db1:5432/orders (read-only)")
                .contains("meanwhile wait until ro2:5432/orders, the target of orders-ro, has replayed what its target"
                        + " has");
        assertThat(Json.read(run(COMMAND + " --dry-run -o json").out()).toString())
                .contains("readers=[{name=orders-ro, primary=orders, from=ro1:5432/orders, to=ro2:5432/orders}]");
    }

    @Test
    void aReaderAloneIsRefusedWithTheCommandsThatMoveIt() {
        Run run = run("cutover orders-ro --to ro2:5432");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("'orders-ro' is on a standby, ro1:5432/orders")
                .contains("cutover PRIMARY orders-ro --to HOST:PORT --map orders-ro=ro2:5432/orders")
                .contains("set-endpoint orders-ro ro2:5432/orders");
    }
}
