package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(new Endpoint("db", 5432, "orders"), "app", SecretRef.parse("x-store:orders"));

    private final Store store = new Store();
    private final Passwords passwords = new Passwords(new SecretResolvers(List.of(store)));
    private String server = "one";

    private void logIn() throws SQLException {
        Object session = passwords.logIn(SETTINGS, password -> {
            if (!password.reveal().equals(server)) {
                throw new SQLException("password authentication failed", "28P01");
            }
            return password;
        });
        assertThat(session).isNotNull();
    }

    @Test
    void countsAChangeThatIsFoundAtOnce() throws Exception {
        logIn();
        server = "two";
        store.newest = "two";
        logIn();
        logIn();
        assertThat(passwords.changes(SETTINGS)).isOne();
    }

    /** Between the two a login is refused, and nothing newer is found; the store is read again before the next login. */
    @Test
    void countsAChangeOfTheServerThatTheStoreLearnsOfLater() throws Exception {
        logIn();
        server = "two";
        assertThatThrownBy(this::logIn).isInstanceOf(SQLException.class);
        store.newest = "two";
        store.known = "two";
        logIn();
        logIn();
        assertThat(passwords.changes(SETTINGS)).isOne();
    }

    /** The store is read before the server knows of it, so what is new is refused at first. */
    @Test
    void countsAChangeOfTheStoreThatTheServerLearnsOfLater() throws Exception {
        logIn();
        store.newest = "two";
        store.known = "two";
        assertThatThrownBy(this::logIn).isInstanceOf(SQLException.class);
        server = "two";
        logIn();
        logIn();
        assertThat(passwords.changes(SETTINGS)).isOne();
    }

    @Test
    void countsNothingWhereTheFirstPasswordIsOutOfDate() throws Exception {
        server = "two";
        store.newest = "two";
        logIn();
        logIn();
        assertThat(passwords.changes(SETTINGS)).isZero();
    }

    @Test
    void countsNoTokensEvenIfOneIsRefused() throws Exception {
        for (String token : List.of("a", "b", "c")) {
            server = token;
            store.known = token;
            store.newest = token;
            logIn();
        }
        store.known = "d";
        store.newest = "d";
        assertThatThrownBy(this::logIn).isInstanceOf(SQLException.class);
        server = "e";
        store.known = "e";
        logIn();
        assertThat(passwords.changes(SETTINGS)).isZero();
    }

    /** Remembers one password, and has perhaps a newer one. */
    private static final class Store implements SecretResolver {
        private String known = "one";
        private String newest = "one";

        @Override
        public String scheme() {
            return "x-store";
        }

        @Override
        public Secret resolve(SecretRequest request) {
            return new Secret(known);
        }

        @Override
        public Optional<Secret> renewed(SecretRequest request, Secret refused) {
            known = newest;
            return known.equals(refused.reveal()) ? Optional.empty() : Optional.of(new Secret(known));
        }
    }
}
