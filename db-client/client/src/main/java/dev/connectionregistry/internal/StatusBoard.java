package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.observe.PoolProblemEvents;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StatusListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status as others see it: derived from the control thread's state after every event, kept in one volatile field, and
 * told to listeners in order when it changes in more than its figures. {@link #update} and {@link #stopped} belong to the
 * control thread; {@link #status} may be called by any.
 */
final class StatusBoard {
    private static final Logger LOG = LoggerFactory.getLogger(StatusBoard.class);

    private final Identity identity;
    private final Generations generations;
    private final List<StatusListener> listeners;
    private final Executor listenerThread;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile Facts facts;
    private DataSourceStatus told; // control thread only

    /** Who this data source is. */
    record Identity(DatabaseName database, String service, String instance) {}

    /** What changes only with an event; the figures are looked up when asked. */
    private record Facts(
            InstanceState state,
            long version,
            long acknowledged,
            long generation,
            Optional<SettingsToServe> target,
            Duration interval,
            Optional<String> problem,
            Optional<String> lastProblem,
            Instant since,
            long lastGoodReadNanos,
            long cutConnections,
            Optional<PoolProblem> poolProblem,
            Optional<Long> refusedVersion) {

        Facts since(Instant changed) {
            return new Facts(
                    state,
                    version,
                    acknowledged,
                    generation,
                    target,
                    interval,
                    problem,
                    lastProblem,
                    changed,
                    lastGoodReadNanos,
                    cutConnections,
                    poolProblem,
                    refusedVersion);
        }

        Facts lastProblem(String last) {
            return new Facts(
                    state,
                    version,
                    acknowledged,
                    generation,
                    target,
                    interval,
                    problem,
                    Optional.of(last),
                    since,
                    lastGoodReadNanos,
                    cutConnections,
                    poolProblem,
                    refusedVersion);
        }

        Optional<Endpoint> endpoint() {
            return target.map(each -> each.settings().endpoint());
        }

        /** Whether anything but {@code since} and the time of the last read differs. */
        boolean sameAs(Facts other) {
            return samePlace(other)
                    && acknowledged == other.acknowledged
                    && interval.equals(other.interval)
                    && target.map(SettingsToServe::source).equals(other.target.map(SettingsToServe::source))
                    && problem.equals(other.problem)
                    && refusedVersion.equals(other.refusedVersion)
                    && cutConnections == other.cutConnections;
        }

        boolean samePlace(Facts other) {
            return state == other.state
                    && version == other.version
                    && generation == other.generation
                    && endpoint().equals(other.endpoint());
        }
    }

    StatusBoard(
            Identity identity,
            Generations generations,
            List<StatusListener> listeners,
            Executor listenerThread,
            Clock clock,
            LongSupplier nanoTime) {
        this.identity = identity;
        this.generations = generations;
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.listenerThread = listenerThread;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.facts = new Facts(
                InstanceState.STARTING,
                0,
                0,
                0,
                Optional.empty(),
                Polling.DEFAULT.interval(),
                Optional.empty(),
                Optional.empty(),
                clock.instant(),
                nanoTime.getAsLong(),
                0,
                Optional.empty(),
                Optional.empty());
        this.told = status();
    }

    /** Takes the state after an event over; says whether more than figures changed. */
    boolean update(ClientState state, boolean goodRead) {
        Facts before = facts;
        Serving serving = state.serving();
        Optional<PoolProblem> poolProblem = poolProblem(before, serving);
        Optional<String> problem = joined(state.problem().map(Printable::shortLine), poolProblem);
        return replace(
                before,
                new Facts(
                        state.instanceState(),
                        serving == null ? 0 : serving.target().version(),
                        state.acknowledged(),
                        serving == null ? 0 : serving.generation(),
                        serving == null ? Optional.empty() : Optional.of(serving.target()),
                        state.interval(),
                        problem,
                        problem.or(before::lastProblem),
                        before.since(),
                        goodRead ? nanoTime.getAsLong() : before.lastGoodReadNanos(),
                        generations.cutConnections(),
                        poolProblem,
                        state.refusedVersion()));
    }

    /** With the time at which it began, as long as it lasts. */
    private Optional<PoolProblem> poolProblem(Facts before, @Nullable Serving serving) {
        return generations.trouble().filter(trouble -> serving != null).map(trouble -> {
            boolean lasts = serving != null && serving.generation() == before.generation();
            Duration ago = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - trouble.sinceNanos()));
            Instant since = before.poolProblem()
                    .filter(known -> lasts)
                    .map(PoolProblem::since)
                    .orElseGet(() -> clock.instant().minus(ago));
            return new PoolProblem(Printable.shortLine(trouble.cause()), since);
        });
    }

    private static Optional<String> joined(Optional<String> problem, Optional<PoolProblem> pool) {
        Optional<String> ofPool = pool.map(trouble -> "no connection can be opened: " + trouble.cause());
        return problem.flatMap(one -> ofPool.map(other -> other + "; " + one))
                .or(() -> problem)
                .or(() -> ofPool);
    }

    /** The data source is closed; one that never served goes on saying why. */
    void stopped() {
        Facts before = facts;
        Optional<String> whyNeverServed = before.generation() == 0 ? before.lastProblem() : Optional.empty();
        replace(
                before,
                new Facts(
                        InstanceState.STOPPED,
                        before.version(),
                        before.acknowledged(),
                        before.generation(),
                        before.target(),
                        before.interval(),
                        whyNeverServed,
                        before.lastProblem(),
                        before.since(),
                        before.lastGoodReadNanos(),
                        generations.cutConnections(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Something went wrong that isn't wrong any more; told with the next {@link #update} that changes anything. */
    void remember(String problem) {
        facts = facts.lastProblem(Printable.shortLine(problem));
    }

    private boolean replace(Facts before, Facts changed) {
        Facts after = changed.samePlace(before) ? changed : changed.since(clock.instant());
        facts = after;
        logPool(before, after);
        if (after.sameAs(before)) {
            return false;
        }
        tell();
        return true;
    }

    /** Once when it begins, once when it ends. */
    private void logPool(Facts before, Facts after) {
        if (before.poolProblem().isPresent() == after.poolProblem().isPresent()) {
            return;
        }
        after.poolProblem().ifPresent(begun -> {
            LOG.warn("{}: no connection can be opened: {}", identity.database(), begun.cause());
            PoolProblemEvents.begun(identity.database().value(), after.generation(), begun.cause());
        });
        before.poolProblem().ifPresent(ended -> {
            Duration lasted = Duration.between(ended.since(), clock.instant());
            LOG.info(
                    "{}: {} after {} ms in which no connection could be opened",
                    identity.database(),
                    after.state() == InstanceState.STOPPED ? "closed" : "connections can be opened again",
                    lasted.toMillis());
            PoolProblemEvents.ended(identity.database().value(), after.generation(), ended.cause(), lasted);
        });
    }

    private void tell() {
        DataSourceStatus previous = told;
        DataSourceStatus current = status();
        told = current;
        for (StatusListener listener : listeners) {
            listenerThread.execute(() -> {
                try {
                    listener.changed(previous, current);
                } catch (Throwable e) { // an error, too, is the listener's own affair
                    LOG.warn("{}: a status listener failed", identity.database(), e);
                }
            });
        }
    }

    /** Tells {@code listener} of every change from now on. Any thread. */
    void add(StatusListener listener) {
        listeners.add(listener);
    }

    /** Tells {@code listener} of no further change; a call that has begun ends by itself. Any thread. */
    void remove(StatusListener listener) {
        listeners.remove(listener);
    }

    /** Runs {@code then} on the listeners' thread, after every listener was told what has been told so far. */
    void afterListeners(Runnable then) {
        listenerThread.execute(then);
    }

    /** The status now. */
    DataSourceStatus status() {
        Facts now = facts;
        return new DataSourceStatus(
                identity.database(),
                identity.service(),
                identity.instance(),
                now.state(),
                now.version(),
                now.acknowledged(),
                now.generation(),
                now.target().map(SettingsToServe::source),
                now.endpoint(),
                now.since(),
                Duration.ofNanos(nanoTime.getAsLong() - now.lastGoodReadNanos()),
                now.interval(),
                now.problem(),
                now.lastProblem(),
                generations.figures(),
                generations.cutConnections(),
                generations.server(),
                now.poolProblem(),
                now.refusedVersion());
    }
}
