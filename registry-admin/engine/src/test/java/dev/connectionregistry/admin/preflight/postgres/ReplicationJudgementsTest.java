package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.postgres.Capacity;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.postgres.ReplicationChecks.Slot;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationJudgementsTest {
    @ParameterizedTest
    @CsvSource({
        "true, 1000, false, false, PASS",
        "true, 200000000, false, false, WARN",
        "false, 0, false, false, FAIL",
        "true, 0, false, true, FAIL",
        "true, 0, true, false, FAIL",
        "false, 0, true, false, FAIL"
    })
    void judgesASlot(boolean active, long behind, boolean lost, boolean losing, Outcome outcome) {
        assertThat(ReplicationChecks.lag(List.of(new Slot("s", active, behind, behind, lost, losing)))
                        .outcome())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"10, 10, FAIL", "10, 9, WARN", "10, 7, PASS"})
    void wantsRoomForTheCopyToo(int most, int used, Outcome outcome) {
        assertThat(ReplicationChecks.room(new Capacity("max_wal_senders", most, used, 3), access(Side.SOURCE))
                        .outcome())
                .isEqualTo(outcome);
    }

    @Test
    void looksAtOriginsWhereTheServerLimitsThemByThemselves() {
        Map<String, String> settings = Map.of(
                "max_logical_replication_workers", "4",
                "max_worker_processes", "8",
                "max_sync_workers_per_subscription", "2",
                "max_replication_slots", "10",
                "max_active_replication_origins", "1");
        assertThat(ReplicationChecks.room(Capacity.ofTarget(settings, 0, 1, 3), access(Side.TARGET))
                        .message())
                .startsWith("max_active_replication_origins is 1");
    }

    private static Access access(Side side) {
        return new Access(side, Endpoint.parse("db:5432/orders"), "ops", "app");
    }
}
