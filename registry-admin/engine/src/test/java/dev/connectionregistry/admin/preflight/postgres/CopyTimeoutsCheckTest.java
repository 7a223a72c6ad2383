package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.SettingChecks.CopyTimeouts;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CopyTimeoutsCheckTest {
    private static final Map<String, Setting> TWO_SECONDS =
            Map.of("statement_timeout", new Setting("2000", "database", "", 0));

    @Test
    void failsWhereStartCannotSwitchATimeOutOffAndSaysWhichRoleToSpare() {
        Finding finding = judge("ops", false);
        assertThat(finding.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(finding.message()).contains("statement_timeout of 2000 ms (from: database)", "minor release");
        assertThat(finding.remedies())
                .containsExactly(
                        Remedy.onSource("ALTER ROLE \"ops\" IN DATABASE \"orders\" SET statement_timeout = 0;"));
    }

    @Test
    void passesWhereStartSwitchesItOffAndSaysSo() {
        Finding finding = judge("ops", true);
        assertThat(finding.outcome()).isEqualTo(Outcome.PASS);
        assertThat(finding.message()).contains("statement_timeout", "start switches that off");
    }

    @Test
    void takesNoTimeOutFromTheServicesRole() {
        assertThat(judge("app", false).remedies()).singleElement().satisfies(each -> assertThat(each.text())
                .contains("--admin-username"));
    }

    private static Finding judge(String admin, boolean heeded) {
        ConnectionSettings services =
                ConnectionSettings.of(Endpoint.parse("db:5432/orders"), "app", SecretRef.parse("env:NONE"));
        ServerLogin operator = new ServerLogin(services.endpoint(), admin, services.password(), Map.of());
        ServerPair pair = new ServerPair(new DatabaseName("orders"), 1, services, services, operator, operator);
        return SettingChecks.copyTimeouts(
                new CopyTimeouts(TWO_SECONDS, Map.of(), heeded),
                new Subject(pair, Set.of(), Set.of(), 1, Subject.OtherFleets.NONE, Duration.ofMinutes(1)));
    }
}
