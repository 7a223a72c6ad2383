package dev.connectionregistry.internal;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("storm")
@Timeout(900)
class FleetCostStormTest {
    @Test
    void twoThousandInstancesAskWhatTheArithmeticSays() {
        FleetCost.check(2000);
    }

    @Test
    void fiveThousandInstancesWhoseReportsAreSpreadStayWithinWhatAPartitionTakes() {
        FleetCost.checkSpread(5000, 16, 1000);
    }
}
