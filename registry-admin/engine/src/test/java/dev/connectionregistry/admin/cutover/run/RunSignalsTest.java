package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.Heard;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.HeldWatch;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunSignalsTest {
    private static final int NAMES = 33;
    private static final Duration SHORT = Duration.ofMillis(3);

    private final ManualTiming timing = new ManualTiming();

    /** The last name has something to tell from the first pause on. */
    @Test
    void theSignalsOfManyNamesAreHeardAsSoonAsThoseOfTwo() throws InterruptedException {
        FakeServers servers = new FakeServers(new Script());
        servers.signals = new Counted();
        try (RunSignals signals = new RunSignals(servers, spec(), timing)) {
            signals.open();
            try (HeldWatch watch = signals.watchHeld()) {
                assertThat(watch.await(Duration.ofSeconds(1)).hints()).isEqualTo(1);
            }
        }
        assertThat(timing.elapsed()).isLessThan(SHORT);
    }

    private static RunSpec spec() {
        RunOptions usual = Stage.options();
        RunSpec one = Stage.run(
                "c-1", new RunOptions(usual.repeated(), usual.times(), true, usual.sourceAdmin(), usual.targetAdmin()));
        GroupMember home = one.home();
        return one.with(IntStream.range(0, NAMES)
                .mapToObj(index -> new GroupMember(
                        new DatabaseName("n" + index),
                        RunSpec.transitionId("c-1", index),
                        1,
                        home.source(),
                        home.target()))
                .toList());
    }

    /** All signals of the run; the watch that is opened last hears a hint once time has passed. */
    private final class Counted implements CoordinatorSignals {
        private int opened;

        @Override
        public void hint() {}

        @Override
        public void announce(Announcement announcement) {}

        @Override
        public void settled() {}

        @Override
        public HeldWatch watchHeld() {
            boolean last = ++opened == NAMES;
            return new HeldWatch() {
                @Override
                public Heard await(Duration atMost) {
                    boolean heard = last && !timing.elapsed().isZero();
                    if (!heard) {
                        timing.rest(atMost);
                    }
                    return heard ? new Heard(List.of(), 1) : Heard.NOTHING;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
