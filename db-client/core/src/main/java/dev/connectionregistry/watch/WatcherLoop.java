package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.Backoff;
import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.core.internal.follow.RegistryReads;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.follow.Verdict;
import dev.connectionregistry.core.internal.follow.Verdict.Content;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The control thread that reads, decides what the follower must do, and reports. Owns the state; never blocks. Any
 * thread may call {@link #start}, {@link #lookSoon}, {@link #status} and {@link #close}.
 */
final class WatcherLoop implements RegistryReads.Events {
    private static final Logger LOG = CleanLogger.of(RegistryWatcher.class);
    /** The follower is interrupted after this time. */
    static final Duration FOLLOW_BOUND = Duration.ofMinutes(1);
    /** Calls of {@link #lookSoon} cause at most one read in this time. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Parts with;
    private final RegistryReads reads;
    private final WatcherBoard board;
    private final SnapshotKeeper snapshots;
    private final String snapshotProblem;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();

    // All below: control thread only.
    private WatchState state;
    private @Nullable FollowerCall call;
    private Scheduler.Timer nextTry = Scheduler.Timer.NONE;
    private Scheduler.Timer followBound = Scheduler.Timer.NONE;
    private boolean closed;

    /**
     * The parts of a loop.
     *
     * @param workers read, report and write the snapshot
     * @param followerThread calls the follower, one call at a time
     * @param follow makes the service use these settings; throws if it can't
     * @param refusals what the owner doesn't allow in these settings
     */
    record Parts(
            DatabaseName database,
            String service,
            String instance,
            SettingsRegistry registry,
            Scheduler control,
            ExecutorService workers,
            ExecutorService followerThread,
            FollowerCall.Follow follow,
            Function<ConnectionSettings, List<String>> refusals,
            Map<String, List<String>> bounds,
            Duration heartbeat,
            @Nullable ConnectionSettings fallback,
            DoubleSupplier chance,
            Clock clock) {}

    WatcherLoop(Parts with, SnapshotKeeper snapshots) {
        this.with = with;
        this.snapshots = snapshots;
        Scheduler control = with.control();
        reads = new RegistryReads(with.registry(), with.database(), control, with.workers(), with.chance(), this);
        SnapshotKeeper.Loaded loaded = snapshots.load();
        snapshotProblem = loaded.problem();
        state = WatchState.starting(loaded.content());
        board = new WatcherBoard(with, state);
    }

    /**
     * Starts; the first read may take {@code readBound}.
     *
     * @return completes when the service uses the settings, or with a {@link WatcherStartException} that says why it
     *     can't
     */
    CompletableFuture<Void> start(Duration readBound) {
        on(this::read);
        with.control().schedule(() -> on(this::startWithoutRegistry), readBound);
        with.control().schedule(this::heartbeat, with.heartbeat());
        return started;
    }

    /** Brings the next read forward, at most once a second. */
    void lookSoon() {
        on(() -> {
            Duration age = state.reading().age(with.control().nanoTime());
            if (!state.reading().inFlight() && age.compareTo(LOOK_EVERY) >= 0) {
                read();
            } else if (!state.reading().inFlight() && state.interval().compareTo(LOOK_EVERY) > 0) {
                reads.after(LOOK_EVERY.minus(age), Jitter.NONE);
            }
        });
    }

    /**
     * Ends polling and following.
     *
     * @return completes when the follower has ended and the last report is written or has failed
     */
    CompletableFuture<Void> close() {
        CompletableFuture<CompletableFuture<Void>> ending = new CompletableFuture<>();
        with.control().execute(() -> {
            closed = true;
            reads.cancelTimers();
            nextTry.cancel();
            followBound.cancel();
            if (call == null) {
                idle.complete(null);
            } else {
                call.interrupt();
            }
            ending.complete(CompletableFuture.allOf(idle, board.stopped()));
        });
        return ending.thenCompose(Function.identity());
    }

    /** Runs {@code task} on the control thread, then shows and reports the result. */
    private void on(Runnable task) {
        with.control().execute(() -> handle(task, false));
    }

    private void handle(Runnable task, boolean read) {
        if (closed) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) { // whatever it is, polling must continue
            LOG.error("{}: the watcher failed", with.database(), e);
            reads.after(state.interval(), Jitter.TENTH);
        }
        board.update(state, read);
        if (state.used() != null) {
            started.complete(null);
        }
    }

    private void heartbeat() {
        if (!closed) {
            with.control().schedule(this::heartbeat, with.heartbeat());
            handle(() -> {}, false);
            board.heartbeat();
        }
    }

    @Override
    public void due() {
        handle(this::read, false);
    }

    @Override
    public void returned(long number, ReadResult result) {
        handle(() -> answered(number, result), state.reading().awaits(number));
    }

    @Override
    public void overdue(long number) {
        returned(number, RegistryReads.noEnd());
    }

    private void read() {
        if (!state.reading().inFlight()) {
            state = state.with(state.reading().begun(with.control().nanoTime()));
            reads.read(state.reading().number());
        }
    }

    private void answered(long number, ReadResult result) {
        if (!state.reading().awaits(number)) {
            return;
        }
        state = state.with(state.reading().ended());
        interpret(Verdict.of(state.known(), result));
        Reading reading = state.reading();
        if (reading.isBackingOff()) {
            reads.after(reading.backoff(state.interval(), state.used() != null), Jitter.FULL);
        } else {
            reads.after(state.interval(), Jitter.TENTH);
        }
    }

    private void interpret(Verdict verdict) {
        if (verdict instanceof Verdict.Newer newer) {
            untroubled();
            state = state.knowing(new Content(
                    newer.found().version(),
                    newer.found().settings(),
                    newer.found().transition(),
                    true));
            converge();
        } else if (verdict instanceof Verdict.Confirmed confirmed) {
            untroubled();
            confirm(new Content(
                    confirmed.found().version(),
                    confirmed.found().settings(),
                    confirmed.found().transition(),
                    true));
        } else if (verdict instanceof Verdict.Same) {
            untroubled();
        } else if (verdict instanceof Verdict.Older older) {
            troubled(older.trouble());
        } else if (verdict instanceof Verdict.Changed changed) {
            troubled(changed.trouble());
        } else if (verdict instanceof Verdict.Unanswered unanswered) {
            troubled(unanswered.trouble());
        } else if (verdict instanceof Verdict.Unusable unusable) {
            troubled(unusable.trouble());
            startWithoutRegistry();
        } else if (verdict instanceof Verdict.Absent absent) {
            troubled(absent.trouble());
            if (state.used() == null && state.following() == null) {
                failStart(absent.trouble().message() + "; add it with 'registry-admin add', or correct the name");
            }
        }
    }

    private void confirm(Content found) {
        LOG.info("{}: the registry confirms {}", with.database(), WatchState.name(found));
        Content used = state.used();
        state = state.knowing(found);
        if (used != null && used.version() == found.version() && state.following() == null) {
            state = state.rejection() == null ? state.using(found) : state;
        }
        converge();
    }

    private void troubled(Trouble trouble) {
        if (state.reading().isNews(trouble)) {
            Content used = state.used();
            LOG.warn(
                    "{}: {}{}",
                    with.database(),
                    trouble.message(),
                    used == null ? "" : " (still using " + WatchState.name(used) + ")");
        }
        state = state.with(state.reading().troubled(trouble));
    }

    private void untroubled() {
        if (state.reading().trouble() != null) {
            LOG.info("{}: {}", with.database(), state.reading().recovery());
        }
        state = state.with(state.reading().untroubled());
    }

    /**
     * The registry gave no usable settings in time: uses the snapshot, otherwise the fallback, otherwise fails with an
     * error that names all three.
     */
    private void startWithoutRegistry() {
        if (state.newest() != null || state.used() != null) {
            return;
        }
        Trouble trouble = state.reading().trouble();
        String why = trouble == null ? "the registry did not answer in time" : trouble.message();
        SnapshotFile.Content snapshot = state.snapshot();
        ConnectionSettings fallback = with.fallback();
        Content content;
        if (snapshot != null) {
            content = WatchState.of(snapshot);
        } else if (fallback != null) {
            content = WatchState.fallback(fallback);
        } else {
            failStart(
                    "no settings to start from: " + why + "; snapshot: " + snapshotProblem + "; fallback: none given");
            return;
        }
        LOG.warn("{}: starting from {}: {}", with.database(), WatchState.name(content), why);
        state = state.knowing(content);
        converge();
    }

    private void failStart(String message) {
        started.completeExceptionally(new WatcherStartException(
                Printable.line(
                        with.database() + " can't start from " + with.registry().describe() + ": " + message),
                null));
    }

    /** Brings the service to the newest settings, with one call of the follower at a time. */
    private void converge() {
        Content newest = state.newest();
        if (newest == null || state.following() != null) {
            return;
        }
        Content used = state.used();
        if (used != null && WatchState.asksForTheSame(used, newest)) {
            if (used.version() != newest.version() || state.rejection() != null) {
                LOG.info("{}: {} changes nothing for the service", with.database(), WatchState.name(newest));
                nextTry.cancel();
                state = state.using(newest);
                save(newest);
            }
        } else if (state.rejection() == null) {
            follow(newest, 1);
        }
    }

    private void follow(Content content, int number) {
        nextTry.cancel();
        List<String> refused = with.refusals().apply(content.settings());
        if (!refused.isEmpty()) {
            reject(content, String.join("; ", refused), number);
            return;
        }
        state = state.following(new WatchState.Attempt(content, number, false));
        FollowerCall begun = new FollowerCall(content, number, with.follow(), (ended, failure) -> with.control()
                .execute(() -> followed(ended, failure)));
        call = begun;
        try {
            with.followerThread().execute(begun);
        } catch (RuntimeException | Error e) { // such as no memory for another thread
            begun.end(e);
            return;
        }
        followBound = with.control().schedule(() -> handle(() -> tooLong(begun), false), FOLLOW_BOUND);
    }

    private void tooLong(FollowerCall late) {
        late.interrupt();
        LOG.warn(
                "{}: the follower took longer than {} s for {} and was interrupted",
                with.database(),
                FOLLOW_BOUND.toSeconds(),
                WatchState.name(late.content()));
        state = state.following(new WatchState.Attempt(late.content(), late.number(), true));
    }

    private void followed(FollowerCall ended, @Nullable Throwable failure) {
        Content content = ended.content();
        call = null;
        followBound.cancel();
        if (closed) {
            idle.complete(null);
            return;
        }
        handle(
                () -> {
                    if (failure == null) {
                        LOG.info("{}: using {}", with.database(), WatchState.name(content));
                        state = state.using(content);
                        save(content);
                    } else {
                        reject(content, cause(failure), ended.number());
                    }
                    converge();
                },
                false);
    }

    private static String cause(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getName() : message;
    }

    private void reject(Content content, String cause, int attempts) {
        Content used = state.used();
        if (used == null) {
            state = state.rejecting(new WatchState.Rejection(content, cause, attempts)); // for the last report
            failStart(WatchState.name(content) + " of the settings can't be used: " + cause);
            return;
        }
        Content newest = state.newest();
        if (newest != null && newest.version() != content.version()) {
            state = state.following(null); // newer settings have arrived; they are tried next
            return;
        }
        WatchState.Rejection before = state.rejection();
        if (before == null || !before.cause().equals(cause)) {
            LOG.warn(
                    "{}: {} can't be used: {} (staying on {}, trying again)",
                    with.database(),
                    WatchState.name(content),
                    cause,
                    WatchState.name(used));
        }
        state = state.rejecting(new WatchState.Rejection(content, cause, attempts));
        Duration pause =
                Jitter.FULL.applied(Backoff.open(attempts), with.chance().getAsDouble());
        nextTry = with.control().schedule(() -> handle(() -> retry(attempts + 1), false), pause);
    }

    private void retry(int number) {
        WatchState.Rejection rejection = state.rejection();
        if (rejection != null && state.following() == null) {
            follow(rejection.content(), number);
        }
    }

    private void save(Content content) {
        if (content.confirmed()) {
            snapshots.save(new SnapshotFile.Content(content.version(), content.settings()));
        }
    }

    WatcherStatus status() {
        return board.status();
    }
}
