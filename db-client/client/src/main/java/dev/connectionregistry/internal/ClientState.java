package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.follow.Verdict;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the control thread knows. Immutable; only decisions create new states.
 *
 * @param start what to start from if the registry can't be read; null once a pool is in use
 * @param serving the generation that callers borrow from; null before the first
 * @param opening the generation being opened; null if none is
 * @param rejection the newest settings, if they can't be used; null if they can
 * @param newest the newest settings read and understood, or started from; null before the first
 * @param standby the pool for a cutover's target; null unless one is under way
 * @param hold the gate, if a cutover closed it; null if not
 * @param reading the state of reading the registry
 * @param signals the state of a cutover's signals
 * @param nextGeneration the number of the next pool
 */
record ClientState(
        @Nullable StartOptions start,
        @Nullable Serving serving,
        @Nullable Opening opening,
        @Nullable Rejection rejection,
        @Nullable SettingsToServe newest,
        @Nullable Standby standby,
        @Nullable GateHold hold,
        Reading reading,
        Signals signals,
        long nextGeneration) {

    static ClientState starting(StartOptions options) {
        return new ClientState(options, null, null, null, null, null, null, Reading.FIRST, Signals.NONE, 1);
    }

    /**
     * What a start can use besides the registry.
     *
     * @param snapshot the snapshot's settings; null if there are none that can be used
     * @param snapshotProblem why there is no usable snapshot, for the message
     * @param fallback settings given in code; null if there are none
     */
    record StartOptions(
            @Nullable SettingsToServe snapshot,
            String snapshotProblem,
            @Nullable ConnectionSettings fallback) {
        static StartOptions of(SnapshotKeeper.Loaded snapshot, @Nullable ConnectionSettings fallback) {
            SnapshotFile.Content content = snapshot.content();
            SettingsToServe settings = content == null
                    ? null
                    : new SettingsToServe(content.version(), content.settings(), SettingsSource.SNAPSHOT);
            return new StartOptions(settings, snapshot.problem(), fallback);
        }
    }

    record Serving(long generation, SettingsToServe target) {}

    /**
     * A generation that is being opened.
     *
     * @param openedWith the settings that its connections are opened with
     * @param target the settings that it will serve; sizes or interval may have become newer since it was started
     * @param attempt the number of this attempt at these connections, from 1
     */
    record Opening(long generation, ConnectionSettings openedWith, SettingsToServe target, int attempt) {}

    /**
     * Settings that could not be used.
     *
     * @param attempts how many attempts there were
     */
    record Rejection(SettingsToServe target, String cause, int attempts) {}

    ClientState withReading(Reading changed) {
        return new ClientState(
                start, serving, opening, rejection, newest, standby, hold, changed, signals, nextGeneration);
    }

    ClientState withSignals(Signals changed) {
        return new ClientState(
                start, serving, opening, rejection, newest, standby, hold, reading, changed, nextGeneration);
    }

    ClientState withNewest(SettingsToServe changed, @Nullable Rejection standing) {
        return new ClientState(
                start, serving, opening, standing, changed, standby, hold, reading, signals, nextGeneration);
    }

    /** The state in which {@code changed} serves: nothing needs opening, nothing is rejected, and the start is over. */
    ClientState withServing(Serving changed) {
        return new ClientState(null, changed, null, null, newest, standby, hold, reading, signals, nextGeneration);
    }

    ClientState withOpening(@Nullable Opening changed) {
        long next = changed == null ? nextGeneration : Math.max(nextGeneration, changed.generation() + 1);
        return new ClientState(start, serving, changed, rejection, newest, standby, hold, reading, signals, next);
    }

    ClientState withRejection(Rejection changed) {
        return new ClientState(start, serving, null, changed, newest, standby, hold, reading, signals, nextGeneration);
    }

    ClientState withStandby(@Nullable Standby changed) {
        long next = changed == null ? nextGeneration : Math.max(nextGeneration, changed.generation() + 1);
        return new ClientState(start, serving, opening, rejection, newest, changed, hold, reading, signals, next);
    }

    ClientState withHold(@Nullable GateHold changed) {
        return new ClientState(
                start, serving, opening, rejection, newest, standby, changed, reading, signals, nextGeneration);
    }

    /**
     * The state that knows {@code target}, and serves it if the pool needn't change. Other sizes wait for the end of
     * the hold: if they counted as served, they would be forgotten.
     */
    ClientState acknowledging(SettingsToServe target) {
        ClientState known = withNewest(target, rejection);
        return serving != null && PoolChange.between(serving.target().settings(), target.settings()) == PoolChange.NONE
                ? known.withServing(new Serving(serving.generation(), target))
                : known;
    }

    /** The cutover that is under way, as far as is known. */
    Optional<Transition> transition() {
        return newest == null ? Optional.empty() : newest.transition();
    }

    /** Whether the gate is closed. */
    boolean holds() {
        return hold != null && !hold.overdue();
    }

    /** The newest version read and understood; 0 before any. */
    long acknowledged() {
        return newest == null ? 0 : newest.version();
    }

    /** The newest version known from anywhere, including a snapshot that wasn't used; 0 if there is none. */
    long known() {
        if (newest != null) {
            return newest.version();
        }
        return start == null || start.snapshot() == null ? 0 : start.snapshot().version();
    }

    /** What to compare the registry's answer with. */
    Verdict.Known knownSettings() {
        return new Verdict.Known(known(), newest == null ? null : newest.known());
    }

    /**
     * Whether a cutover's signals make frequent reads unnecessary. Anyone who may log in to the target can send
     * heartbeats, so they don't count in a run whose coordinator has not committed to an announcement.
     */
    boolean pollsSlowly() {
        return signals.work()
                && transition().filter(run -> !run.commitments().isEmpty()).isPresent();
    }

    /**
     * The version of the HOLD in which a signal can prove that this instance is HELD: the next one, or that of the
     * current hold.
     */
    OptionalLong heldVersion() {
        if (hold != null && !hold.overdue()) {
            return hold.closedBy() == acknowledged() ? OptionalLong.of(hold.closedBy()) : OptionalLong.empty();
        }
        return instanceState() == InstanceState.READY ? OptionalLong.of(acknowledged() + 1) : OptionalLong.empty();
    }

    /** The current poll interval. */
    Duration interval() {
        return newest == null
                ? Polling.DEFAULT.interval()
                : newest.settings().polling().interval();
    }

    InstanceState instanceState() {
        if (hold != null && !hold.overdue()) {
            boolean readyToSwitch = standby != null && standby.isReady();
            return hold.drained() && readyToSwitch ? InstanceState.HELD : InstanceState.HOLDING;
        }
        if (serving == null) {
            return InstanceState.STARTING;
        }
        if (rejection != null) {
            return InstanceState.REJECTED;
        }
        return standby == null ? InstanceState.ACTIVE : preparing(standby);
    }

    private static InstanceState preparing(Standby standby) {
        return switch (standby.stage()) {
            case OPENING -> InstanceState.PREPARING;
            case READY -> standby.listenersTold() ? InstanceState.READY : InstanceState.PREPARING;
            case REFUSED -> InstanceState.REJECTED;
        };
    }

    /** The version of settings that can't be used; empty if there is none. */
    Optional<Long> refusedVersion() {
        if (rejection != null) {
            return Optional.of(rejection.target().version());
        }
        return Optional.ofNullable(reading.trouble()).flatMap(Trouble::refused);
    }

    /** What is wrong now, apart from the current pool; empty if nothing is. */
    Optional<String> problem() {
        if (rejection != null) {
            return Optional.of(rejection.target().name() + " can't be used: " + rejection.cause());
        }
        if (standby != null && standby.cause().isPresent()) {
            return standby.cause()
                    .map(cause -> "the standby pool for cutover " + standby.run() + " can't be opened: " + cause);
        }
        if (hold != null && hold.overdue()) {
            return Optional.of(hold.complaint());
        }
        return signals.problem().or(() -> Optional.ofNullable(reading.trouble()).map(Trouble::message));
    }
}
