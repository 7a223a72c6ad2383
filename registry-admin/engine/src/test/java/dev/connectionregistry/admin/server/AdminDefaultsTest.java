package dev.connectionregistry.admin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.admin.server.AdminDefaults.Role;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminDefaultsTest {
    private static final Endpoint DB1 = Endpoint.parse("db1:5432/orders");
    private static final Endpoint DB2 = Endpoint.parse("db2:5432/orders");

    @Test
    void aServersOwnEntryCountsBeforeThoseForEveryServer() {
        AdminDefaults defaults =
                new AdminDefaults(Map.of("db2:5432", role("root", "env:ROOT")), List.of(role("ops", "env:OPS")));
        assertThat(on(DB1, defaults)).isEqualTo("ops app@db1:5432/orders env:OPS");
        assertThat(on(DB2, defaults)).isEqualTo("root app@db2:5432/orders env:ROOT");
    }

    @Test
    void theFirstOfTheEntriesForEveryServerWins() {
        AdminDefaults defaults = new AdminDefaults(Map.of(), List.of(role("root", "env:ROOT"), role("ops", "env:OPS")));
        assertThat(on(DB1, defaults)).isEqualTo("root app@db1:5432/orders env:ROOT");
    }

    @Test
    void noRoleIsTriedWithThePasswordOfAnother() {
        AdminDefaults defaults =
                new AdminDefaults(Map.of("db2:5432", role("root", "")), List.of(role("ops", "env:OPS")));
        assertThat(on(DB2, defaults)).isEqualTo("root app@db2:5432/orders env:APP");
        assertThat(new AdminLogin(Optional.of("boss"), Optional.empty(), defaults)
                        .at(DB1)
                        .password())
                .isEmpty();
    }

    @Test
    void aPasswordWithoutARoleCountsForWhichEverRoleThereIs() {
        AdminDefaults defaults =
                new AdminDefaults(Map.of("db2:5432", role("", "env:DB2")), List.of(role("ops", "env:OPS")));
        assertThat(on(DB2, defaults)).isEqualTo("ops app@db2:5432/orders env:DB2");
    }

    @Test
    void anOptionWinsOverEveryDefault() {
        AdminDefaults defaults =
                new AdminDefaults(Map.of("db2:5432", role("root", "env:ROOT")), List.of(role("ops", "env:OPS")));
        AdminLogin given = new AdminLogin(Optional.of("boss"), Optional.of(SecretRef.parse("env:BOSS")), defaults);
        assertThat(given.at(DB2)).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource({"db1:5432/a, db1:5432", "DB1.Internal.:5432/a, db1.internal:5432", "[::1]:5433/a, [::1]:5433"})
    void aServerIsKnownByHostAndPort(String endpoint, String server) {
        assertThat(ServerAddress.of(Endpoint.parse(endpoint))).isEqualTo(server);
    }

    private static Role role(String username, String password) {
        return new Role(
                Optional.of(username).filter(text -> !text.isEmpty()),
                Optional.of(password).filter(text -> !text.isEmpty()).map(SecretRef::parse));
    }

    private static String on(Endpoint endpoint, AdminDefaults defaults) {
        ServerLogin login = new AdminLogin(Optional.empty(), Optional.empty(), defaults)
                .on(new ServerLogin(endpoint, "app", SecretRef.parse("env:APP"), Map.of()));
        return login.username() + " app@" + login.endpoint() + " " + login.password();
    }
}
