package dev.connectionregistry.admin.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.TableName;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowGapsTest {
    private static final TableName ORDERS = new TableName("public", "orders");

    private final RowGaps gaps = new RowGaps();

    private void round(long before, long target, long after) {
        gaps.round(Map.of(ORDERS, before), Map.of(ORDERS, target), Map.of(ORDERS, after));
    }

    @Test
    void aNumberBetweenBothOfTheSourceIsNoGap() {
        round(10, 12, 15);
        assertThat(gaps.open()).isEmpty();
    }

    @Test
    void rowsThatAreMissingInEveryRoundAreOne() {
        round(115, 105, 115);
        round(120, 110, 121);
        assertThat(gaps.open()).containsExactly(new RowGaps.Gap(ORDERS, 121, 110));
        assertThat(RowGaps.words(gaps.open()))
                .isEqualTo("public.orders has 121 rows on the source and 110 on the target");
    }

    @Test
    void rowsThatComeAndGoAreNone() {
        round(5, 6, 5);
        round(5, 4, 5);
        assertThat(gaps.open()).isEmpty();
    }

    @Test
    void whatFitsOnceIsNoneAnyMore() {
        round(5, 6, 5);
        round(5, 5, 5);
        round(5, 6, 5);
        assertThat(gaps.open()).isEmpty();
    }
}
