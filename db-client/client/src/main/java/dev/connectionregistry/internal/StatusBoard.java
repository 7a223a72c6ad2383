package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.observe.PoolProblemEvents;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.SettingsSource;
import dev.connectionregistry.status.StatusListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The status as others see it: derived from the control thread's state after every event, kept in one volatile field.
 * Listeners are notified in order when more than its figures change. {@link #update} and {@link #stopped} belong to the
 * control thread; any thread may call {@link #status}.
 */
final class StatusBoard {
    private static final Logger LOG = CleanLogger.of(StatusBoard.class);

    private final Identity identity;
    private final Generations generations;
    private final NameConflict conflict;
    private final List<StatusListener> listeners;
    private final Executor listenerThread;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile Facts facts;
    private DataSourceStatus told; // control thread only

    /** The identity of this data source. */
    record Identity(DatabaseName database, String service, String instance) {}

    /**
     * What only changes with an event; the figures are read when they are asked for.
     *
     * @param place what is served, and how far the instance is with it
     * @param since when this place was reached
     * @param known the registry's last answer
     * @param problems what is wrong
     * @param cutConnections how many connections were cut so far
     */
    private record Facts(Place place, Instant since, Known known, Problems problems, long cutConnections) {
        Facts with(Problems changed) {
            return new Facts(place, since, known, changed, cutConnections);
        }

        /** Whether there is nothing new for listeners. */
        boolean sameAs(Facts other) {
            return place.sameAs(other.place)
                    && known.sameAs(other.known)
                    && place.source().equals(other.place.source())
                    && problems.present.equals(other.problems.present)
                    && cutConnections == other.cutConnections;
        }
    }

    /** {@code generation} is 0 and {@code served} null before the first pool serves. */
    private record Place(
            InstanceState state, long generation, @Nullable SettingsToServe served) {
        static Place of(ClientState client) {
            Serving serving = client.serving();
            return serving == null
                    ? new Place(client.instanceState(), 0, null)
                    : new Place(client.instanceState(), serving.generation(), serving.target());
        }

        long version() {
            return served == null ? 0 : served.version();
        }

        Optional<SettingsSource> source() {
            return Optional.ofNullable(served).map(SettingsToServe::source);
        }

        Optional<Endpoint> endpoint() {
            return Optional.ofNullable(served).map(target -> target.settings().endpoint());
        }

        /** Whether callers notice no difference: the state and the pool are the same. */
        boolean sameAs(Place other) {
            return state == other.state
                    && version() == other.version()
                    && generation == other.generation
                    && endpoint().equals(other.endpoint());
        }
    }

    /** What was read from the registry; {@code refused} is the version that can't be used. */
    private record Known(long acknowledged, Duration interval, Optional<Long> refused, long lastGoodReadNanos) {
        boolean sameAs(Known other) {
            return acknowledged == other.acknowledged
                    && interval.equals(other.interval)
                    && refused.equals(other.refused);
        }
    }

    /**
     * {@code last} remains when nothing is wrong any more; {@code pool} is the part of {@code present} that concerns
     * the pool.
     */
    private record Problems(Optional<String> present, Optional<String> last, Optional<PoolProblem> pool) {
        static final Problems NONE = new Problems(Optional.empty(), Optional.empty(), Optional.empty());

        static Problems of(ClientState client, Optional<PoolProblem> pool, Stream<String> others, Problems before) {
            Optional<String> ofPool = pool.map(trouble -> "no connection can be opened: " + trouble.cause());
            Optional<String> present = Stream.concat(
                            Stream.of(ofPool, client.problem().map(Printable::shortLine))
                                    .flatMap(Optional::stream),
                            others)
                    .reduce((one, other) -> one + "; " + other);
            return new Problems(present, present.or(before::last), pool);
        }

        Problems remembering(String problem) {
            return new Problems(present, Optional.of(problem), pool);
        }
    }

    StatusBoard(
            Identity identity,
            Generations generations,
            NameConflict conflict,
            List<StatusListener> listeners,
            Executor listenerThread,
            Clock clock,
            LongSupplier nanoTime) {
        this.identity = identity;
        this.generations = generations;
        this.conflict = conflict;
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.listenerThread = listenerThread;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.facts = new Facts(
                new Place(InstanceState.STARTING, 0, null),
                clock.instant(),
                new Known(0, Polling.DEFAULT.interval(), Optional.empty(), nanoTime.getAsLong()),
                Problems.NONE,
                0);
        this.told = status();
    }

    /** Takes the state after an event; returns whether more than figures changed. */
    boolean update(ClientState state, boolean goodRead) {
        Facts before = facts;
        Place place = Place.of(state);
        long lastGoodRead = goodRead ? nanoTime.getAsLong() : before.known.lastGoodReadNanos;
        Known known = new Known(state.acknowledged(), state.interval(), state.refusedVersion(), lastGoodRead);
        Problems problems = Problems.of(
                state,
                poolProblem(before, place),
                Stream.of(generations.waitsFor(), conflict.problem()).flatMap(Optional::stream),
                before.problems);
        return replace(before, place, known, problems);
    }

    /** The pool's problem, with the time at which it began. */
    private Optional<PoolProblem> poolProblem(Facts before, Place place) {
        return generations.trouble().filter(trouble -> place.served != null).map(trouble -> {
            boolean lasts = place.generation == before.place.generation;
            Duration ago = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - trouble.sinceNanos()));
            Instant since = before.problems
                    .pool
                    .filter(earlier -> lasts)
                    .map(PoolProblem::since)
                    .orElseGet(() -> clock.instant().minus(ago));
            return new PoolProblem(Printable.shortLine(trouble.cause()), since);
        });
    }

    /** The data source is closed; if it never came into use, its status still says why. */
    void stopped() {
        Facts before = facts;
        Place place = new Place(InstanceState.STOPPED, before.place.generation, before.place.served);
        Known known = before.known;
        Optional<String> last = before.problems.last;
        Optional<String> whyNeverServed = place.generation == 0 ? last : Optional.empty();
        replace(
                before,
                place,
                new Known(known.acknowledged, known.interval, Optional.empty(), known.lastGoodReadNanos),
                new Problems(whyNeverServed, last, Optional.empty()));
    }

    /**
     * Remembers a failure that is already over; listeners learn of it with the next {@link #update} that changes
     * anything.
     */
    void remember(String problem) {
        Facts before = facts;
        facts = before.with(before.problems.remembering(Printable.shortLine(problem)));
    }

    private boolean replace(Facts before, Place place, Known known, Problems problems) {
        Instant since = place.sameAs(before.place) ? before.since : clock.instant();
        Facts after = new Facts(place, since, known, problems, generations.cutConnections());
        facts = after;
        logPool(before, after);
        if (after.sameAs(before)) {
            return false;
        }
        tell();
        return true;
    }

    /** Logs a problem once when it begins and once when it ends. */
    private void logPool(Facts before, Facts after) {
        Optional<PoolProblem> earlier = before.problems.pool;
        Optional<PoolProblem> now = after.problems.pool;
        if (earlier.isPresent() == now.isPresent()) {
            return;
        }
        String database = identity.database().value();
        now.ifPresent(begun -> {
            LOG.warn("{}: no connection can be opened: {}", database, begun.cause());
            PoolProblemEvents.begun(database, after.place.generation, begun.cause());
        });
        earlier.ifPresent(ended -> {
            Duration lasted = Duration.between(ended.since(), clock.instant());
            LOG.info(
                    "{}: {} after {} ms in which no connection could be opened",
                    database,
                    after.place.state == InstanceState.STOPPED ? "closed" : "connections can be opened again",
                    lasted.toMillis());
            PoolProblemEvents.ended(database, after.place.generation, ended.cause(), lasted);
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
                } catch (Throwable e) { // an error of a listener must not end this thread
                    LOG.warn("{}: a status listener failed", identity.database(), e);
                }
            });
        }
    }

    /** Notifies {@code listener} of every change from now on. Any thread. */
    void add(StatusListener listener) {
        listeners.add(listener);
    }

    /** Stops notifying {@code listener}; a call under way ends by itself. Any thread. */
    void remove(StatusListener listener) {
        listeners.remove(listener);
    }

    /** Runs {@code then} on the listeners' thread, after all notifications so far. */
    void afterListeners(Runnable then) {
        listenerThread.execute(then);
    }

    DataSourceStatus status() {
        Facts now = facts;
        return new DataSourceStatus(
                identity.database(),
                identity.service(),
                identity.instance(),
                now.place.state,
                now.place.version(),
                now.known.acknowledged,
                now.place.generation,
                now.place.source(),
                now.place.endpoint(),
                now.since,
                Duration.ofNanos(nanoTime.getAsLong() - now.known.lastGoodReadNanos),
                now.known.interval,
                now.problems.present,
                now.problems.last,
                generations.figures(),
                generations.cutConnections(),
                generations.server(),
                now.problems.pool,
                now.known.refused);
    }
}
