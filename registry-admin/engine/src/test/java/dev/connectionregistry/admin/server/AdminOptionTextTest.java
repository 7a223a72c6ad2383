package dev.connectionregistry.admin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminOptionTextTest {
    private static final Endpoint ANYWHERE = Endpoint.parse("db:5432/orders");
    private static final Endpoint DB2 = Endpoint.parse("DB2.:5432/orders");
    private static final ConnectionSettings SERVICES =
            ConnectionSettings.of(ANYWHERE, "app", SecretRef.parse("env:APP"));

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            value = {
                "app env:APP, app env:APP, ''",
                "ops env:OPS, ops env:OPS, ' --admin-username ops --admin-password-ref env:OPS'",
                "ops env:APP, ops env:APP, ' --admin-username ops'",
                "app env:APP, root env:OLD, ' --target-admin-username root --target-admin-password-ref env:OLD'",
                "ops env:OPS, app env:APP, ' --admin-username ops --admin-password-ref env:OPS --target-admin-username app"
                        + " --target-admin-password-ref env:APP'",
            })
    void saysWhatTheDefaultsDoNot(String source, String target, String words) {
        assertThat(AdminOptionText.of(login(source), SERVICES, login(target), SERVICES, AdminDefaults.NONE))
                .isEqualTo(words);
    }

    @Test
    void quotesForAShell() {
        assertThat(AdminOptionText.of(
                        new ServerLogin(ANYWHERE, "o'ps me", SecretRef.parse("file:/a b"), Map.of()),
                        SERVICES,
                        new ServerLogin(ANYWHERE, "o'ps me", SecretRef.parse("file:/a b"), Map.of()),
                        SERVICES,
                        AdminDefaults.NONE))
                .isEqualTo(" --admin-username 'o'\\''ps me' --admin-password-ref 'file:/a b'");
    }

    /** The defaults: ops with env:OPS everywhere, but root with env:ROOT on db2. */
    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            value = {
                "ops env:OPS, root env:ROOT, ''",
                "app env:APP, root env:ROOT, ' --admin-username app --target-admin-username root'",
                "ops env:OPS, app env:APP, ' --target-admin-username app'",
                "boss env:BOSS, boss env:BOSS, ' --admin-username boss --admin-password-ref env:BOSS'"
            })
    void leavesOutWhatTheOperatorsDefaultsSay(String source, String target, String words) {
        AdminDefaults defaults =
                new AdminDefaults(Map.of("db2:5432", role("root env:ROOT")), List.of(role("ops env:OPS")));
        assertThat(AdminOptionText.of(login(source, ANYWHERE), SERVICES, login(target, DB2), SERVICES, defaults))
                .isEqualTo(words);
    }

    private static AdminDefaults.Role role(String text) {
        String[] words = text.split(" ", -1);
        return new AdminDefaults.Role(Optional.of(words[0]), Optional.of(SecretRef.parse(words[1])));
    }

    private static ServerLogin login(String text) {
        return login(text, ANYWHERE);
    }

    private static ServerLogin login(String text, Endpoint endpoint) {
        String[] words = text.split(" ", -1);
        return new ServerLogin(endpoint, words[0], SecretRef.parse(words[1]), Map.of());
    }
}
