package dev.connectionregistry.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FleetCostTest {
    @Test
    void aFleetAsksWhatTheArithmeticSays() {
        FleetCost.check(40);
    }
}
