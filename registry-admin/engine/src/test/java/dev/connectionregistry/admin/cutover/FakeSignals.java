package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.settings.Commitment.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signals without a server, on a manual clock: what is announced arrives at once, or not at all. */
public final class FakeSignals implements CoordinatorSignals {
    private static final Duration STEP = Duration.ofMillis(5);

    private final Timing timing;
    private final List<FakeParticipant> listeners = new ArrayList<>();
    private final List<HeldSignal> revealed = new ArrayList<>();
    private boolean cut;

    /** Everything that was announced, whether or not it arrived. */
    public final List<Announcement> announced = new ArrayList<>();
    /** How many hints were sent. */
    public int hints;

    /** While the coordinator listens, {@code timing} passes. */
    public FakeSignals(Timing timing) {
        this.timing = timing;
    }

    /** From now on {@code instance} hears what is announced. */
    void listen(FakeParticipant instance) {
        listeners.add(instance);
    }

    /** An instance, or somebody else, reveals this. */
    public void reveal(HeldSignal signal) {
        revealed.add(signal);
    }

    /** From now on nothing arrives any more, in neither direction. */
    public void cut() {
        cut = true;
    }

    @Override
    public void hint() {
        hints++;
    }

    @Override
    public void announce(Announcement announcement) {
        announced.add(announcement);
        if (!cut) {
            listeners.forEach(each -> each.hear(announcement));
        }
    }

    @Override
    public void settled() {}

    /** A look at all that was revealed since the coordinator listened for the first time, as the names of sessions stay. */
    @Override
    public HeldWatch watchHeld() {
        return new HeldWatch() {
            private int told;

            @Override
            public Heard await(Duration atMost) {
                if (told == revealed.size() || cut) {
                    timing.rest(atMost.compareTo(STEP) < 0 ? atMost : STEP);
                }
                List<HeldSignal> fresh = cut ? List.of() : List.copyOf(revealed.subList(told, revealed.size()));
                told += fresh.size();
                return new Heard(fresh, 0);
            }

            @Override
            public void close() {}
        };
    }

    /** The announcement of that kind, if there was one. */
    public Optional<Announcement> announced(Kind kind) {
        return announced.stream().filter(each -> each.kind() == kind).findFirst();
    }

    @Override
    public void close() {}
}
