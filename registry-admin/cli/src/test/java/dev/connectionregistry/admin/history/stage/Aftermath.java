package dev.connectionregistry.admin.history.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.VersionedSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How things must stand once a run is over, however it went: everyone on one server, the fence matching the settings, no lock,
 * no trace but the switch itself.
 */
public final class Aftermath {
    private static final String READ_ONLY = "25006";
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Stage stage;
    private final Database serving;

    private Aftermath(Stage stage, Database serving) {
        this.stage = stage;
        this.serving = serving;
    }

    /** The fleet has moved to {@code serving}, which was the target. */
    public static void requireSwitchedTo(Database serving, Stage stage) throws SQLException {
        Aftermath aftermath = new Aftermath(stage, serving);
        aftermath.requireSteady();
        aftermath.requireServed();
        requireFenced(stage.other(serving));
        aftermath.requireNoSession();
    }

    /** The fleet is back on {@code serving}, as if nothing had been tried. */
    public static void requireBackOn(Database serving, Stage stage) throws SQLException {
        Aftermath aftermath = new Aftermath(stage, serving);
        aftermath.requireSteady();
        aftermath.requireServed();
        aftermath.requireUntouched(serving);
        aftermath.requireUntouched(stage.other(serving));
        aftermath.requireNoSession();
    }

    private void requireSteady() {
        VersionedSettings settings = stage.registry().settings(stage.name());
        assertThat(settings.transition()).as("transition").isEmpty();
        assertThat(settings.settings().endpoint()).as("endpoint").hasToString(serving.endpoint());
        assertThat(settings.settings().polling().isTemporary())
                .as("that the interval is temporary: %s", settings.settings().polling())
                .isFalse();
        assertThat(stage.registry().lock(stage.name()).filter(CutoverLock::held))
                .as("held lock")
                .isEmpty();
    }

    private void requireServed() {
        stage.fleet().awaitServedBy(serving, LONGEST);
        Set<String> live =
                stage.fleet().live().stream().map(ServiceProcess::name).collect(Collectors.toSet());
        long version = stage.registry().settings(stage.name()).version();
        await("that all of " + live + " report to serve version " + version + " from " + serving)
                .atMost(LONGEST)
                .pollInterval(LOOK)
                .untilAsserted(() -> assertThat(stage.registry().fleet(stage.name()).stream()
                                .filter(report -> live.contains(report.name()))
                                .toList())
                        .hasSameSizeAs(live)
                        .allMatch(report -> serves(report, version)));
    }

    private boolean serves(InstanceReport report, long version) {
        return report.state() == InstanceState.ACTIVE
                && report.acknowledgedVersion() == version
                && report.endpoint().equals(serving.endpoint());
    }

    private static void requireFenced(Database left) throws SQLException {
        assertThat(left.refusal()).as("refusal of a write on %s", left).contains(READ_ONLY);
    }

    private void requireUntouched(Database database) throws SQLException {
        assertThat(database.refusal()).as("refusal of a write on %s", database).isEmpty();
        assertThat(database.configuration()).as("settings of %s", database).isEqualTo(stage.configured(database));
    }

    /** An ended coordinator has left no session, and so no advisory lock. */
    private void requireNoSession() throws SQLException {
        for (Database database : new Database[] {stage.source(), stage.target()}) {
            assertThat(database.strings("""
                    SELECT application_name || ' ' || pid
                    FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name LIKE 'registry-admin%'
                    """))
                    .as("sessions of coordinators on %s", database)
                    .isEmpty();
        }
    }
}
