package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins of an operator to a primary and its streaming standby. */
class SeveralHostsLoginTest {
    private static LocalPostgres primary;
    private static LocalPostgres standby;

    /** The endpoints that a password was looked up for. */
    private final List<String> lookedUp = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        primary = LocalPostgres.start(17);
        standby = primary.startStandby();
    }

    @AfterAll
    static void stop() {
        standby.close();
        primary.close();
    }

    private static Host host(LocalPostgres server) {
        return new Host(server.host(), server.port());
    }

    private Login login(Host... hosts) {
        Endpoint endpoint = new Endpoint(List.of(hosts), "postgres");
        return new Login(endpoint, primary.superuser(), passwordFor(endpoint), Map.of());
    }

    private Login.PasswordSource passwordFor(Endpoint endpoint) {
        return new Login.PasswordSource() {
            @Override
            public Secret get() throws SecretException {
                lookedUp.add(endpoint.toString());
                return new Secret(primary.password());
            }

            @Override
            public Login.PasswordSource at(Endpoint host) {
                return passwordFor(host);
            }
        };
    }

    @Test
    void theSessionIsOnThePrimaryAndSaysSoAndEachHostHasAPasswordOfItsOwn() throws Exception {
        try (Session session = Session.open(login(host(standby), host(primary)), "hosts", BOUND)) {
            String standbyText = new Endpoint(List.of(host(standby)), "postgres").toString();
            String primaryText = new Endpoint(List.of(host(primary)), "postgres").toString();
            assertThat(session.login().endpoint()).hasToString(primaryText);
            assertThat(lookedUp).containsExactly(standbyText, primaryText);
        }
    }

    @Test
    void aHostThatSaysNothingLeavesTimeForTheOthers() throws Exception {
        try (TcpGate mute = TcpGate.to(primary.host(), primary.port())) {
            mute.hang();
            Duration bound = Duration.ofSeconds(4);
            try (Session session =
                    Session.open(login(new Host(mute.host(), mute.port()), host(primary)), "hosts", bound)) {
                assertThat(session.login().endpoint().port()).isEqualTo(primary.port());
            }
        }
    }

    @Test
    void withoutAPrimaryTheFailureNamesEachHost() {
        List<Host> both = new ArrayList<>(List.of(host(standby), new Host("127.0.0.1", 1)));
        assertThatThrownBy(() -> Session.open(login(both.toArray(Host[]::new)), "hosts", BOUND))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.kind()).isEqualTo(ServerException.Kind.REFUSED))
                .hasMessageContainingAll(
                        "can't log in as postgres at " + both.get(0) + ",127.0.0.1:1/postgres",
                        both.get(0) + "/postgres is in recovery (a standby)",
                        "127.0.0.1:1 refused");
    }
}
