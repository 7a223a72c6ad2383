package dev.connectionregistry.samples.fleet.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void keepsOfPreflightWhatIsToBeDone() {
        List<String> lines = List.of(
                "DATA",
                "  PASS     large-objects          none",
                "  NOT YET  statistics             no table",
                "             command:",
                "  FAIL     replica-identity       1 table",
                "             why: updates are refused",
                "",
                "FLEET",
                "  PASS     wanted                 fine",
                "orders: 1 failed, 2 passed");
        assertThat(lines.stream().filter(Excerpt.ofPreflight("wanted")))
                .containsExactly(lines.get(4), lines.get(5), lines.get(8), lines.get(9));
    }

    @Test
    void keepsOfACutoverAllButTheTable() {
        List<String> lines = List.of(
                "      84 ms  take the lock in the registry: epoch 1",
                "STEP                AT       TOOK         EVIDENCE",
                "take-registry-lock  0 ms     84 ms    ok  epoch 1",
                "cutover c-1: switched; hold 84 ms");
        assertThat(lines.stream().filter(Excerpt.ofCutover())).containsExactly(lines.get(0), lines.get(3));
    }
}
