package dev.connectionregistry.admin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminOptionTextTest {
    private static final Endpoint ANYWHERE = Endpoint.parse("db:5432/orders");
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
        assertThat(AdminOptionText.of(login(source), SERVICES, login(target), SERVICES))
                .isEqualTo(words);
    }

    @Test
    void quotesForAShell() {
        assertThat(AdminOptionText.of(
                        new ServerLogin(ANYWHERE, "o'ps me", SecretRef.parse("file:/a b"), Map.of()),
                        SERVICES,
                        new ServerLogin(ANYWHERE, "o'ps me", SecretRef.parse("file:/a b"), Map.of()),
                        SERVICES))
                .isEqualTo(" --admin-username 'o'\\''ps me' --admin-password-ref 'file:/a b'");
    }

    private static ServerLogin login(String text) {
        String[] words = text.split(" ", -1);
        return new ServerLogin(ANYWHERE, words[0], SecretRef.parse(words[1]), Map.of());
    }
}
