package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How many logins run at the same time, given how long each took. */
class FillPaceTest {
    private final FillPace pace = new FillPace();

    private List<Integer> after(long... millis) {
        return LongStream.of(millis)
                .mapToObj(each -> {
                    pace.note(Duration.ofMillis(each).toNanos());
                    return pace.allowed();
                })
                .toList();
    }

    @Test
    void oneMoreAfterEachLoginInGoodTimeUpToFour() {
        assertThat(after(5, 5, 5, 5, 5)).containsExactly(2, 3, 4, 4, 4);
    }

    @Test
    void oneFewerAfterEachSlowLoginDownToOne() {
        assertThat(after(5, 5, 5, 200, 200, 200, 200)).containsExactly(2, 3, 4, 3, 2, 1, 1);
    }

    @Test
    void aServerThatIsFarAwayIsNotSlow() {
        assertThat(after(400, 450, 380, 500)).containsExactly(2, 3, 4, 4);
    }

    @Test
    void aServerThatRecoversGetsMoreAgain() {
        assertThat(after(5, 300, 300, 5, 5)).containsExactly(2, 1, 1, 2, 3);
    }

    @Test
    void aServerThatTakesSecondsForTheFirstLoginGetsNoMoreThanOne() {
        assertThat(after(3000, 3000, 2000)).containsExactly(1, 1, 1);
    }
}
