package dev.connectionregistry.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FleetCostTest {
    @Test
    void aFleetAsksWhatTheArithmeticSays() {
        FleetCost.check(40);
    }

    @Test
    void aFleetWhoseReportsAreSpreadStaysWithinWhatAPartitionTakes() {
        FleetCost.checkSpread(200, 16, 80);
    }
}
