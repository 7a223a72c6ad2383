package dev.connectionregistry.admin.cutover.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckStepTest {
    @Test
    void tellsOnceWhatSeveralChecksStumbleOver() {
        assertThat(CheckStep.once(List.of(
                        "can't log in at b",
                        "preflight target-login: can't log in at b",
                        "can't log in at b",
                        "other")))
                .containsExactly("preflight target-login: can't log in at b", "other");
    }

    @Test
    void leavesOutNothingElse() {
        List<String> problems = List.of("no table a", "no table aa", "a: no table aaa", "no table aaa and b");
        assertThat(CheckStep.once(problems)).isEqualTo(problems);
    }
}
