package dev.connectionregistry.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators learn of bounds before anything is written: their own, and those that instances report. */
final class BoundsCommandsTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Map<String, String> environment = new HashMap<>();

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void begin() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
    }

    private Run run(String line) {
        return run(line, "");
    }

    private Run run(String line, String input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main main = new Main(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.NONE,
                environment,
                new SystemTiming());
        int code = main.run(
                binder -> {
                    binder.bind(RegistryAdministration.class).toInstance(registry);
                    binder.bind(CutoverRegistry.class).toInstance(registry);
                },
                line.split(" "));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void instanceAllows(String endpoints) {
        registry.report(InstanceReport.builder(new DatabaseName("orders"), "checkout", "a")
                .state(InstanceState.ACTIVE)
                .version(1)
                .acknowledgedVersion(1)
                .endpoint("db1:5432/orders")
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(Instant.now())
                .reportedAt(Instant.now())
                .clientVersion("test")
                .bounds(Map.of("allowEndpoints", List.of(endpoints)))
                .build());
    }

    private ConnectionSettings current() {
        return ((ReadResult.Found) registry.read(new DatabaseName("orders")))
                .settings()
                .settings();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add sales --endpoint h:1/x --username u --password-ref env:PW --property sslmod=verify-full",
                "set-endpoint orders db2:5432 --property sslmod=verify-full",
            })
    void aPropertyThatTheDriverDoesNotKnowIsRefusedWithTheNearest(String line) {
        Run run = run(line);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("driver property 'sslmod' is unknown to the Postgres driver; did you mean 'sslmode'?")
                .contains("REGISTRY_ADMIN_ALLOW_DRIVER_PROPERTIES=sslmod");
        assertThat(registry.list()).hasSize(1);
        assertThat(current().properties()).isEmpty();
    }

    @Test
    void anImportIsHeldToTheSameNames() {
        String document =
                run("export orders").out().replace("\"properties\" : { }", "\"properties\" : { \"sslmod\" : \"x\" }");
        assertThat(document).contains("sslmod");
        Run run = run("import -", document);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean 'sslmode'?");
    }

    @Test
    void anOperatorWhoseServicesAllowMoreMayWriteIt() {
        environment.put("REGISTRY_ADMIN_ALLOW_DRIVER_PROPERTIES", "kerberosServerName");
        Run run = run("set-endpoint orders db2:5432 --property kerberosServerName=pg");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(current().properties()).containsEntry("kerberosServerName", "pg");
    }

    @Test
    void tooManyPropertiesAreCountedBeforeAnythingIsWritten() {
        StringBuilder line = new StringBuilder("set-endpoint orders db2:5432");
        for (int i = 0; i < 160; i++) {
            line.append(" --property property").append(i).append('=').append("x".repeat(2048));
        }
        Run run = run(line.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("160 driver properties are given; allowed are 32", "allowed are 4096");
    }

    @Test
    void aMoveBeyondAnInstancesBoundsIsWarnedOfBeforeItIsWritten() {
        instanceAllows("db1:5432");
        Run rehearsed = run("set-endpoint orders db2:5432 --dry-run");
        assertThat(rehearsed.err())
                .contains("warning: checkout/a would refuse it: endpoint db2:5432/orders")
                .contains("allowEndpoints(\"db2:5432\")");
        assertThat(run("set-endpoint orders db1:5432/other --dry-run").err()).doesNotContain("would refuse");
    }

    @Test
    void anImportBeyondAnInstancesBoundsIsWarnedOfBeforeItIsWritten() {
        instanceAllows("db1:5432");
        String moved = run("export orders").out().replace("\"db1\"", "\"db2\"");
        Run imported = run("import -", moved);
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(imported.err())
                .contains("warning: checkout/a would refuse it: endpoint db2:5432/orders")
                .contains("allowEndpoints(\"db2:5432\")");
    }

    @Test
    void aRollbackToAPropertyThatServicesRefuseIsRefused() {
        ConnectionSettings before = current();
        registry.put("orders", before.withProperties(Map.of("sslmod", "verify-full")));
        registry.put("orders", before);
        Run run = run("rollback orders --to 2");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean 'sslmode'?");
        assertThat(current().properties()).isEmpty();
        environment.put("REGISTRY_ADMIN_ALLOW_DRIVER_PROPERTIES", "sslmod");
        assertThat(run("rollback orders --to 2").code()).isZero();
    }

    @Test
    void aRemovedDatabaseDoesNotComeBackWithAPropertyThatServicesRefuse() {
        registry.put("orders", current().withProperties(Map.of("sslmod", "verify-full")));
        assertThat(run("remove orders --yes").code()).isZero();
        Run run = run("rollback orders --to 2");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean 'sslmode'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set-pool orders --maximum-size 12", "set-endpoint orders db1:5433"})
    void aPropertyThatServicesRefuseIsWarnedOfWhereTheWriteOnlyKeepsIt(String line) {
        registry.put("orders", current().withProperties(Map.of("sslmod", "verify-full")));
        Run run = run(line);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: registry-admin would refuse it: driver property 'sslmod'");
    }

    @Test
    void aReportThatNobodyCanReadWarnsOfNothing() {
        instanceAllows("\u001b[31m not a pattern");
        Run run = run("set-endpoint orders db2:5432");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("would refuse").doesNotContain("\u001b");
    }

    @Test
    void doctorListsWhatIsInForceAndWhatWouldBeRefusedNow() {
        instanceAllows("*.internal:5432");
        environment.put("REGISTRY_ADMIN_ALLOW_ENDPOINTS", "db7:5432");
        environment.put("REGISTRY_ADMIN_REQUIRE_TLS", "verify-full");
        Run run = run("doctor");
        assertThat(run.out())
                .contains("  endpoints: db7:5432", "  TLS: verify-full at least")
                .contains("REFUSED  orders: registry-admin would refuse it: endpoint db1:5432/orders")
                .contains("REGISTRY_ADMIN_ALLOW_ENDPOINTS=db1:5432")
                .contains("REFUSED  orders: checkout/a would refuse it: endpoint db1:5432/orders");
        assertThat(run("doctor --output json").out()).contains("\"refused\"", "\"bounds\"");
    }

    @Test
    void aVariableThatSaysNothingIsAnError() {
        environment.put("REGISTRY_ADMIN_ALLOW_SECRETS", "");
        Run run = run("doctor");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("REGISTRY_ADMIN_ALLOW_SECRETS is empty");
    }
}
