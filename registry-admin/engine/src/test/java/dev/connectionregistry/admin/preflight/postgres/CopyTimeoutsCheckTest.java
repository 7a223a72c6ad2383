package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.util.Map;
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
        return CopyTimeoutsCheck.judge(
                server(admin, Side.SOURCE), TWO_SECONDS, server(admin, Side.TARGET), Map.of(), heeded);
    }

    private static Server server(String admin, Side side) {
        return new Server(login(admin), login("app"), side);
    }

    private static Login login(String role) {
        return new Login(Endpoint.parse("db:5432/orders"), role, () -> new Secret("none"), Map.of());
    }
}
