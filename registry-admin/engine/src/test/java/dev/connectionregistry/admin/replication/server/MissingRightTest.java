package dev.connectionregistry.admin.replication.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import org.junit.jupiter.api.Test;

class MissingRightTest {
    @Test
    void theServicesRoleIsGivenNothingThatServicesShouldNotHave() {
        MissingRight missing = MissingRight.of("app", "make slots", "ALTER ROLE app REPLICATION");
        assertThat(missing.sparing("app", "--admin-username"))
                .hasToString("make slots: this command runs as the services' role app; give --admin-username");
    }

    @Test
    void rightsOfOtherRolesAreGranted() {
        MissingRight missing = MissingRight.of("apple", "copy", "GRANT app TO apple");
        assertThat(missing.sparing("app", "--admin-username")).isEqualTo(missing);
    }

    @Test
    void roomIsMadeWhoeverWorks() {
        MissingRight missing = MissingRight.room("make more slots", "ALTER SYSTEM SET max_replication_slots = 20");
        assertThat(missing.sparing("app", "--admin-username")).isEqualTo(missing);
    }
}
