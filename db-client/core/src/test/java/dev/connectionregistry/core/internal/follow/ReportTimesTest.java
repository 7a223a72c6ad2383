package dev.connectionregistry.core.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.ReportTimes.Moment;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When an instance in a cutover reports whose polls are rare because signals do their work. */
class ReportTimesTest {
    private static final boolean BEHIND = true;
    private static final boolean NEEDED = true;

    private final ReportTimes times = new ReportTimes();
    private long millis = 1_000_000;

    private Moment moment(InstanceState state, boolean behind, boolean needed) {
        boolean cutover = state != InstanceState.ACTIVE;
        return new Moment(
                state, cutover, behind, needed, Duration.ofMillis(millis).toNanos());
    }

    private Moment moment(InstanceState state) {
        return moment(state, !BEHIND, !NEEDED);
    }

    private void newsWaitUntil(long until) {
        times.waitUntil(Duration.ofMillis(until).toNanos());
    }

    @Test
    void newsThatASignalBroughtWaitAndAreReportedOnceWithoutAPoll() {
        newsWaitUntil(millis + 900);
        assertThat(times.isDueForNews(moment(InstanceState.ACTIVE))).isFalse();
        assertThat(times.next(moment(InstanceState.ACTIVE))).contains(Duration.ofMillis(900));
        millis += 899;
        assertThat(times.isDueAgain(moment(InstanceState.ACTIVE), true)).isFalse();
        millis += 1;
        assertThat(times.isDueAgain(moment(InstanceState.ACTIVE), false)).isTrue();
        assertThat(times.isDueAgain(moment(InstanceState.ACTIVE), true)).isFalse();
        assertThat(times.next(moment(InstanceState.ACTIVE))).isEmpty();
        assertThat(times.isDueForNews(moment(InstanceState.ACTIVE)))
                .as("later news come at once")
                .isTrue();
    }

    @Test
    void whatOnlyAReportTellsIsReportedAtOnceAlsoIfItWasNotNeededAtFirst() {
        newsWaitUntil(millis + 900);
        assertThat(times.isDueForNews(moment(InstanceState.REJECTED, !BEHIND, NEEDED)))
                .isTrue();
        assertThat(times.isDueForNews(moment(InstanceState.HELD))).isFalse();
        assertThat(times.isDueAgain(moment(InstanceState.HELD, !BEHIND, NEEDED), false))
                .as("the signal could not be given")
                .isTrue();
    }

    @Test
    void holdingIsReportedOnlyIfItLastsAndNotBeforeTheWaitIsOver() {
        newsWaitUntil(millis + 500);
        assertThat(times.isDueForNews(moment(InstanceState.HOLDING))).isFalse();
        assertThat(times.next(moment(InstanceState.HOLDING))).contains(Duration.ofMillis(500));
        millis += 300;
        assertThat(times.isDueAgain(moment(InstanceState.HOLDING), true)).isFalse();
        millis += 200;
        assertThat(times.isDueAgain(moment(InstanceState.HOLDING), false)).isTrue();
        assertThat(times.next(moment(InstanceState.HOLDING))).contains(Duration.ofMillis(200));
    }

    @Test
    void inACutoverAReportIsRepeatedOnceASecondLaterWithoutAPoll() {
        assertThat(times.isDueForNews(moment(InstanceState.READY))).isTrue();
        assertThat(times.next(moment(InstanceState.READY))).contains(Duration.ofSeconds(1));
        millis += 1000;
        assertThat(times.isDueAgain(moment(InstanceState.READY), false)).isTrue();
        assertThat(times.next(moment(InstanceState.READY))).isEmpty();
    }

    @Test
    void inACutoverAReportThatCouldNotBeWrittenIsTriedAgainSoonWithoutAPoll() {
        assertThat(times.isDueForNews(moment(InstanceState.READY))).isTrue();
        millis += 50;
        Moment failed = moment(InstanceState.READY, BEHIND, !NEEDED);
        assertThat(times.next(failed)).contains(Duration.ofMillis(150));
        millis += 150;
        assertThat(times.isDueAgain(moment(InstanceState.READY, BEHIND, !NEEDED), false))
                .isTrue();
    }

    @Test
    void outsideACutoverNothingIsRepeatedButAtAPoll() {
        assertThat(times.isDueForNews(moment(InstanceState.ACTIVE))).isTrue();
        millis += 5000;
        Moment failed = moment(InstanceState.ACTIVE, BEHIND, !NEEDED);
        assertThat(times.next(failed)).isEmpty();
        assertThat(times.isDueAgain(failed, false)).isFalse();
        assertThat(times.isDueAgain(failed, true)).isTrue();
    }
}
