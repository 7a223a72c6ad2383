package dev.connectionregistry.admin.replication.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagClockTest {
    private final LagClock clock = new LagClock();

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void knowsSinceWhenTheSourceIsAhead() {
        clock.note(at(0), 100);
        clock.note(at(1), 200);
        clock.note(at(2), 200);
        clock.note(at(3), 300);
        assertThat(clock.behind(at(4), 300)).contains(Duration.ZERO);
        assertThat(clock.behind(at(4), 200)).contains(Duration.ofSeconds(1));
        assertThat(clock.behind(at(4), 150)).contains(Duration.ofSeconds(3));
        assertThat(clock.behind(at(4), 50)).contains(Duration.ofSeconds(4));
    }

    @Test
    void saysNothingAfterOneLook() {
        assertThat(clock.behind(at(0), 50)).contains(Duration.ZERO);
        clock.note(at(0), 100);
        assertThat(clock.behind(at(0), 50)).isEmpty();
    }
}
