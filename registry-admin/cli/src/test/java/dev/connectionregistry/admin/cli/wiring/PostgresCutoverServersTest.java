package dev.connectionregistry.admin.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresCutoverServersTest {
    @Test
    void namesTheVariablesThatHoldTheAdministratorsPasswordsAndNothingElse() {
        assertThat(PostgresCutoverServers.passwordVariables(login("env:OLD_PW"), login("file:/run/secrets/new")))
                .containsExactly("OLD_PW");
        assertThat(PostgresCutoverServers.passwordVariables(login("env:PW"), login("env:PW")))
                .containsExactly("PW");
    }

    private static ServerLogin login(String reference) {
        return new ServerLogin(Endpoint.parse("db1:5432/orders"), "ops", SecretRef.parse(reference), Map.of());
    }
}
