package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ManualTiming;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HoldClockTest {
    private final ManualTiming timing = new ManualTiming();
    private final HoldClock hold = new HoldClock(timing, Duration.ofSeconds(5));

    @Test
    void lastsUntilTheAnswerToTheWriteThatEndsIt() {
        hold.begin();
        pass(500);
        hold.sending();
        pass(51);
        hold.over();
        pass(10_000);
        assertThat(hold.total()).hasValue(Duration.ofMillis(551));
        assertThat(hold.known()).isEmpty();
    }

    @Test
    void whereTheAnswerIsLostTheTimeUntilThatWasKnownIsAFigureOfItsOwn() {
        hold.begin();
        pass(551);
        hold.sending();
        pass(10_543);
        hold.foundOver();
        assertThat(hold.total()).hasValue(Duration.ofMillis(551));
        assertThat(hold.known()).hasValue(Duration.ofMillis(11_094));
    }

    @Test
    void whereNothingWasSentItLastsUntilItIsFoundToBeOver() {
        hold.begin();
        pass(700);
        hold.foundOver();
        assertThat(hold.total()).hasValue(Duration.ofMillis(700));
        assertThat(hold.known()).isEmpty();
    }

    @Test
    void isNotOverBeforeItBegan() {
        hold.sending();
        hold.foundOver();
        assertThat(hold.total()).isEmpty();
    }

    private void pass(long millis) {
        timing.pause(Duration.ofMillis(millis));
    }
}
