package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionRemedyTest {
    private static final Login LOGIN =
            new Login(new Endpoint("db1", 5432, "Old shop"), "ops", () -> new Secret("hush"), Map.of());

    @Test
    void onAnOldServerOnlyASuperuserWillDoAndTheOptionThatNamesOneIsTold() {
        SubscriptionRemedy remedy = SubscriptionRemedy.of(LOGIN, 15);
        assertThat(remedy.toMake())
                .isEqualTo(remedy.toChange())
                .contains("--target-admin-username", "this is Postgres 15")
                .doesNotContain("ALTER ROLE", "pg_create_subscription");
    }

    @Test
    void fromSixteenOnTheGrantsCanBePasted() {
        SubscriptionRemedy remedy = SubscriptionRemedy.of(LOGIN, 16);
        assertThat(remedy.toMake())
                .isEqualTo("grant it with: GRANT pg_create_subscription TO \"ops\";"
                        + " GRANT CREATE ON DATABASE \"Old shop\" TO \"ops\"");
        assertThat(remedy.toChange())
                .contains("belongs to another role", "--target-admin-username")
                .doesNotContain("before Postgres 16");
    }
}
