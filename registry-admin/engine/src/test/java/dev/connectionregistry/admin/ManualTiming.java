package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only in pauses; each pause lets the world go on. */
public final class ManualTiming implements Timing {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    /** As a real clock, it doesn't begin at zero. */
    private static final long ORIGIN = Duration.ofDays(1).toNanos();

    private final List<Runnable> world = new ArrayList<>();
    private Runnable settling = () -> {};
    private long nanos;
    private boolean stopped;

    /** Runs {@code happens} after every pause. */
    public void eachPause(Runnable happens) {
        world.add(happens);
    }

    /** Runs {@code happens} once, in the first pause that ends at or after {@code at}. */
    public void at(Duration at, Runnable happens) {
        boolean[] done = new boolean[1];
        world.add(() -> {
            if (!done[0] && nanos >= at.toNanos()) {
                done[0] = true;
                happens.run();
            }
        });
    }

    /** Runs {@code happens} whenever somebody has settled what would otherwise be done at a bad time. */
    public void onSettle(Runnable happens) {
        settling = happens;
    }

    @Override
    public void settle() {
        settling.run();
    }

    /** What Ctrl-C does. */
    public void stop() {
        stopped = true;
    }

    /** How much time has passed since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return ORIGIN + nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public boolean pause(Duration duration) {
        nanos += duration.toNanos();
        world.forEach(Runnable::run);
        return !stopped;
    }

    @Override
    public boolean rest(Duration duration) {
        pause(duration);
        return true;
    }

    @Override
    public boolean stopped() {
        return stopped;
    }
}
