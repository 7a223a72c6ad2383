package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.server.PostgresIdentity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionsCheckTest {
    @ParameterizedTest
    @CsvSource({
        "9, 17, FAIL",
        "10, 13, PASS",
        "11, 18, PASS",
        "17, 17, PASS",
        "18, 17, WARN",
        "17, 11, WARN",
        "17, 9, FAIL",
        "18, 19, WARN",
        "19, 19, WARN",
        "9, 19, FAIL"
    })
    void judgesMajorsFromAndTo(int from, int to, Outcome outcome) {
        assertThat(versions(identity("1", from), identity("2", to), false).outcome())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"true, FAIL", "false, PASS"})
    void wantsTwoDatabasesThoughOneMayBeAPhysicalCopyOfTheOther(boolean same, Outcome outcome) {
        assertThat(versions(identity("1", 17), identity("1", 17), same).outcome())
                .isEqualTo(outcome);
    }

    private static Finding versions(PostgresIdentity source, PostgresIdentity target, boolean same) {
        return ServersChecks.versions(new ServersChecks.Identities(source, target, same));
    }

    private static PostgresIdentity identity(String system, int major) {
        return new PostgresIdentity(system, "orders", major, major + ".1");
    }
}
