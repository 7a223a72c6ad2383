package dev.connectionregistry.admin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsTest {
    @ParameterizedTest
    @CsvSource({
        "100023, true",
        "140001, true",
        "150015, false",
        "150016, true",
        "160000, false",
        "170007, false",
        "170008, true",
        "180001, false",
        "180002, true",
        "190000, true",
    })
    void knowsWhichSubscriptionsHeedOptions(int version, boolean heeded) {
        assertThat(Timeouts.areHeededInSubscriptions(version)).isEqualTo(heeded);
    }

    @Test
    void switchesThoseOffThatThePublisherHasAndKeepsWhatTheOperatorSays() {
        SubscriberLogin login = login(Map.of("sslmode", "require"));
        assertThat(login.withoutTimeouts(List.of("lock_timeout", "statement_timeout"))
                        .options())
                .containsEntry("options", "-c lock_timeout=0 -c statement_timeout=0")
                .containsEntry("sslmode", "require");
        assertThat(login(Map.of("options", "-c work_mem=8MB -c lock_timeout=5s"))
                        .withoutTimeouts(List.of("lock_timeout"))
                        .options())
                .as("the last one wins")
                .containsEntry("options", "-c lock_timeout=0 -c work_mem=8MB -c lock_timeout=5s");
        assertThat(login.withoutTimeouts(List.of())).isEqualTo(login);
    }

    private static SubscriberLogin login(Map<String, String> options) {
        return new SubscriberLogin(
                new ServerLogin(Endpoint.parse("db1:5432/orders"), "ops", SecretRef.parse("env:PW"), Map.of()),
                options);
    }
}
