package dev.connectionregistry.admin.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry by servers, as {@code servers}, {@code list} and {@code status} show it. */
class ServersCommandTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Terminalless program = new Terminalless(registry);

    @BeforeEach
    void threeNamesOnTwoServers() {
        put("orders", "db1:5432/shop");
        put("reports", "db1:5432/shop");
        put("users", "db2:5432/users");
        report("orders", "a", 1, "db1:5432/shop");
        report("orders", "b", 1, "db2:5432/shop");
        report("users", "u", 0, "db2:5432/users");
    }

    private void put(String name, String endpoint) {
        registry.put(name, ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW")));
    }

    private void report(String name, String instance, long version, String endpoint) {
        registry.report(InstanceReport.builder(new DatabaseName(name), "checkout", instance)
                .state(InstanceState.ACTIVE)
                .version(version)
                .acknowledgedVersion(version)
                .endpoint(endpoint)
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(Instant.now())
                .reportedAt(Instant.now())
                .pool(new PoolFigures(1, 9, 0, 10))
                .clientVersion("test")
                .build());
    }

    private Run run(String line) {
        return program.run(line.split(" "));
    }

    @Test
    void showsEachServerWithItsDatabasesNamesAndInstances() {
        assertThat(run("servers").out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "SERVER DATABASE NAME LIVE FLEET",
                        "db1:5432 shop orders 1 1 on another server",
                        "reports 0 -",
                        "db2:5432 shop orders 1 its settings say db1:5432/shop",
                        "users users 1 -");
    }

    @Test
    void programsGetTheSame() {
        assertThat(Json.read(run("servers --output json").out()).toString())
                .contains("server=db1:5432", "alsoCalled=[]")
                .contains("name=orders, postgresDatabase=shop, endpoint=db1:5432/shop, bySettings=false,"
                        + " instances=[checkout/b]");
    }

    @Test
    void listAndStatusShowTheNamesOfOneServer() {
        assertThat(run("list --server DB1:5432").out())
                .contains("orders", "reports")
                .doesNotContain("users");
        assertThat(run("list --server db2:5432").out())
                .contains("orders", "users")
                .doesNotContain("reports");
        assertThat(run("status --server db1:5432").out())
                .contains("orders version 1: db1:5432/shop", "reports version 1: db1:5432/shop")
                .doesNotContain("users");
        assertThat(Json.read(run("status --server db1:5432 --output json").out())
                        .toString())
                .contains("database=orders", "database=reports");
    }

    @Test
    void aClusterIsFoundByEachOfItsHosts() {
        put("billing", "db4:5432,db5:5432/billing");
        assertThat(run("servers").out())
                .contains("db4:5432 is also db5:5432, by the settings or the reports of instances");
        assertThat(run("list --server db5:5432").out()).contains("billing").doesNotContain("orders");
        assertThat(run("status --server db6:5432,db4:5432").out()).contains("billing version 1");
        assertThat(run("list --server db6:5432,db7:5432").err())
                .contains("no name of the registry is on db6:5432 or db7:5432");
    }

    @Test
    void theExitCodeOfStatusIsAboutAllNamesOfTheServer() {
        assertThat(run("status --server db1:5432 --exit-code").code()).isZero();
        Run behind = run("status --server db2:5432 --exit-code");
        assertThat(behind.code()).isEqualTo(4);
        assertThat(behind.err()).contains("not every live instance serves the current version of users");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list --server db3:5432 | 1 | no name of the registry is on db3:5432",
                "list --server db1:5432/shop | 2 | a server is HOST:PORT, without a database",
                "list --server db1 | 2 | has no port",
                "status | 2 | name the database, or the server",
                "status orders --server db1:5432 | 2 | --server means all databases of a server: leave out --server, or"
                        + " 'orders'",
                "status --server db1:5432 --watch | 2 | --watch shows one database",
            })
    void saysWhatIsWrong(String line, int code, String problem) {
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.err()).contains(problem);
    }
}
