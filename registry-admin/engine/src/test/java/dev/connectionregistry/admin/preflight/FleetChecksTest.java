package dev.connectionregistry.admin.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.cutover.FakeParticipant;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.journal.JournalHistory;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every check of the fleet: a fleet that passes, and one that doesn't. */
class FleetChecksTest {
    /** What makes a check fail, and what it then says. */
    private record Broken(Act act, String says) {}

    private interface Act {
        void on(FleetChecksTest test);
    }

    private static final Map<String, Broken> BROKEN = Map.of(
            "fleet-alive",
            new Broken(
                    test -> {
                        test.instance.freeze();
                        test.stage.timing.rest(Duration.ofMinutes(30));
                    },
                    "checkout/a silent: nothing heard for "),
            "fleet-protocol",
            new Broken(
                    test -> test.instance.protocol(1).tick(),
                    "checkout/a is a plain member: it follows moves, but doesn't hold its callers"),
            "fleet-endpoint",
            new Broken(
                    test -> test.present = "db7:5432/orders",
                    "checkout/a is connected to db1:5432/orders, not to db7:5432/orders"),
            "fleet-bounds",
            new Broken(
                    test -> test.instance
                            .bounds(Map.of("allowEndpoints", List.of("db1:5432")))
                            .tick(),
                    "checkout/a would refuse it: endpoint db2:5432/orders is not one of those allowed: [db1:5432] (if"
                            + " intended, the service's owner must allow it: allowEndpoints(\"db2:5432\") on the"
                            + " builder, or REGISTRY_ALLOW_ENDPOINTS=db2:5432 in the environment)"),
            "other-names",
            new Broken(
                    test -> test.stage.registry.put(
                            "billing", test.stage.current().settings()),
                    "1 other name is on the same Postgres database: 'billing' (no live instance)"),
            "rehearsed",
            new Broken(
                    test -> {
                        test.instance.rejecting();
                        test.stage.rehearsal(Stage.options());
                    },
                    "ended before every instance was ready on the target: "));

    private final Stage stage = new Stage();
    private final FakeParticipant instance = stage.instance("a");
    private String present = "db1:5432/orders";

    static List<String> names() {
        return checks(new Stage()).all().stream().map(About::name).toList();
    }

    private static FleetChecks checks(Stage stage) {
        FleetWatcher watcher = new FleetWatcher(stage.registry, stage.timing);
        return new FleetChecks(watcher, new JournalHistory(stage.registry), new OtherNames(stage.registry, watcher));
    }

    private Finding look(String name) {
        About about = checks(stage).all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return checks(stage).begin(pair()).look(about);
    }

    private ServerPair pair() {
        ConnectionSettings sourceSettings = stage.current().settings().withEndpoint(Endpoint.parse(present));
        ConnectionSettings targetSettings = sourceSettings.withEndpoint(Endpoint.parse("db2:5432/orders"));
        return new ServerPair(
                Stage.ORDERS,
                stage.current().version(),
                sourceSettings,
                targetSettings,
                ServerLogin.of(sourceSettings),
                ServerLogin.of(targetSettings));
    }

    @ParameterizedTest
    @MethodSource("names")
    void passesWhenEveryoneIsThereAndWasRehearsedWith(String name) {
        stage.rehearsal(Stage.options());
        instance.tick();
        Finding finding = look(name);
        assertThat(finding.outcome()).as(finding.message()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @MethodSource("names")
    void failsForItsOwnReason(String name) {
        assertThat(BROKEN).as("every check has a fleet on which it fails").containsKey(name);
        Broken broken = Objects.requireNonNull(BROKEN.get(name));
        broken.act().on(this);
        Finding finding = look(name);
        assertThat(finding.outcome()).as(finding.message()).isEqualTo(Outcome.FAIL);
        assertThat(finding.message()).contains(broken.says());
        assertThat(finding.remedies()).isNotEmpty();
    }

    @Test
    void thoseThatMoveWithItFromTheSameServerNeedRoomToo() {
        ConnectionSettings settings = stage.current().settings();
        stage.registry.put("users", settings.withEndpoint(Endpoint.parse("DB1:5432/users")));
        stage.registry.put("far", settings.withEndpoint(Endpoint.parse("db9:5432/orders")));
        stage.registry.put("stays", settings.withEndpoint(Endpoint.parse("db1:5432/stays")));
        List.of("users", "far", "stays")
                .forEach(name -> new FakeInstance(stage.registry, stage.timing, name, "i").poll());
        int each = settings.pool().maximumSize();

        FleetChecks.Looking alone = checks(stage).begin(pair());
        FleetChecks.Looking together =
                checks(stage).begin(pair().together(List.of(new DatabaseName("users"), new DatabaseName("far"))));

        assertThat(alone.otherFleets()).isEqualTo(Subject.OtherFleets.NONE);
        assertThat(together.otherFleets()).isEqualTo(new Subject.OtherFleets(1, each));
        assertThat(together.connections()).isEqualTo(alone.connections());
        assertThat(together.registrySessions()).hasSize(2); // of instances "a" and "i"
    }

    @Test
    void namesInOtherDatabasesOfTheServerAreToldButBlockNothing() {
        ConnectionSettings settings = stage.current().settings();
        stage.registry.put("users", settings.withEndpoint(Endpoint.parse("DB1:5432/users")));
        stage.registry.put("far", settings.withEndpoint(Endpoint.parse("db9:5432/orders")));
        Finding finding = look("other-names");
        assertThat(finding.outcome()).isEqualTo(Outcome.PASS);
        assertThat(finding.message())
                .contains("in other databases of the server, untouched by the fence, 1 name stays: 'users'")
                .doesNotContain("far");
    }

    @Test
    void aNameWhoseSettingsCannotBeUsedMayBeThere() {
        stage.registry.putDocument("ledger", Map.of("version", "nonsense"));
        Finding finding = look("other-names");
        assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
        assertThat(finding.message()).contains("the settings of 'ledger' can't be used, so it is unknown whether");
        assertThat(finding.remedies().get(0).text()).isEqualTo("repair ledger --dry-run");
    }

    @Test
    void aNameWhoseSettingsCannotBeUsedIsToldBesideThoseThatAreThere() {
        stage.registry.putDocument("ledger", Map.of("version", "nonsense"));
        stage.registry.put("reports", stage.current().settings());
        Finding finding = look("other-names");
        assertThat(finding.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(finding.message())
                .contains("1 other name is on the same Postgres database", "'ledger' can't be used");
        assertThat(finding.remedies()).anyMatch(each -> each.text().equals("repair ledger --dry-run"));
    }

    @Test
    void asksForARehearsalWithTheSameTarget() {
        Finding finding = look("rehearsed");
        assertThat(finding.outcome()).isEqualTo(Outcome.NOT_YET);
        assertThat(finding.remedies().get(0).text()).isEqualTo("cutover orders --to db2:5432/orders --rehearse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fleet-protocol", "fleet-endpoint", "fleet-bounds"})
    void aLookAtInstancesIsNoPassWhereThereIsNone(String name) {
        FleetChecks checks = checks(new Stage());
        About about = checks.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(checks.begin(pair()).look(about).outcome()).isEqualTo(Outcome.NOT_YET);
    }

    @Test
    void quotesWhatAShellWouldTakeApart() {
        assertThat(Remedy.word("db2:5432/orders")).isEqualTo("db2:5432/orders");
        assertThat(Remedy.word("[::1]:5432/The \"shop's\"")).isEqualTo("'[::1]:5432/The \"shop'\\''s\"'");
    }

    @Test
    void failsAllIfTheRegistryCannotBeRead() {
        ServerPair pair = pair();
        stage.registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no route", null));
        FleetChecks.Looking looking = checks(stage).begin(pair);
        assertThat(checks(stage).all())
                .allSatisfy(
                        about -> assertThat(looking.look(about).message()).isEqualTo("could not be checked: no route"));
        assertThat(looking.sessions()).isEmpty();
    }

    @Test
    void knowsTheFleetsSessionsAndConnections() {
        instance.tick();
        FleetChecks.Looking looking = checks(stage).begin(pair());
        assertThat(looking.sessions()).containsExactly("checkout/a");
        assertThat(looking.connections()).isPositive();
    }
}
