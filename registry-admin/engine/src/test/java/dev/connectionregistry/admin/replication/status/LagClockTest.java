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
        clock.note(at(4), 300);
        assertThat(clock.behind(300)).contains(Duration.ZERO);
        assertThat(clock.behind(200)).contains(Duration.ofSeconds(1));
        assertThat(clock.behind(150)).contains(Duration.ofSeconds(3));
        assertThat(clock.behind(50)).contains(Duration.ofSeconds(4));
    }

    @Test
    void saysNothingAfterOneLook() {
        assertThat(clock.behind(50)).isEmpty();
        clock.note(at(0), 100);
        assertThat(clock.behind(50)).isEmpty();
    }
}
