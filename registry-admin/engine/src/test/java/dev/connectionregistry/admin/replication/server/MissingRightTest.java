package dev.connectionregistry.admin.replication.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MissingRightTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER ROLE app REPLICATION (on RDS: GRANT rds_replication TO app)",
                "ALTER ROLE \"app\" SUPERUSER, or a role that is one",
                "ALTER ROLE app BYPASSRLS",
                "GRANT CREATE ON DATABASE orders TO app",
                "GRANT pg_create_subscription TO \"app\"",
                "GRANT shop TO app WITH SET TRUE"
            })
    void theServicesRoleIsGivenNothingThatServicesShouldNotHave(String statement) {
        MissingRight missing = new MissingRight("make slots", statement);
        assertThat(missing.sparing("app", "--admin-username"))
                .hasToString("make slots: this works as the services' role app; give --admin-username");
        assertThat(missing.sparing("ap", "--admin-username")).isEqualTo(missing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GRANT CREATE ON DATABASE orders TO reader", "GRANT app TO ops", "ALTER ROLE apple BYPASSRLS"})
    void rightsOfOtherRolesAreGranted(String statement) {
        MissingRight missing = new MissingRight("copy", statement);
        assertThat(missing.sparing("app", "--admin-username")).isEqualTo(missing);
    }
}
