package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.NotificationChannel;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Transition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The signals of one cutover, until {@link #stop}: one connection, which receives notifications and whose name shows
 * that the instance is HELD. The driver can't send while a thread waits for notifications. So from the announcement of
 * a HOLD until this instance is HELD, the thread waits for that instead, and checks for notifications in between; at
 * all other times it waits for notifications.
 *
 * <p>{@link #listen} is for one thread; {@link #reveal} and {@link #stop} may be called by any.
 */
final class SignalSession {
    private static final Logger LOG = CleanLogger.of(SignalSession.class);
    /** The delay after a failure; not shorter, so that a fleet doesn't overload a failing server. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    /** After this long without a notification, the server is asked whether it still answers. */
    private static final Duration SILENCE = Duration.ofSeconds(5);
    /** Signals count as working for this long after a heartbeat; the coordinator sends one each second. */
    private static final Duration HEARTBEAT_LASTS = Duration.ofSeconds(2);
    /**
     * How long a notification may wait while the thread waits for HELD: at first, and at most, because each check for
     * notifications takes time from the process's threads that must become HELD.
     */
    private static final Duration FIRST_SLICE = Duration.ofMillis(20);

    private static final Duration LONGEST_SLICE = Duration.ofMillis(80);

    private static final Duration SECOND = Duration.ofSeconds(1);
    /**
     * How many announcements count in one second; further ones count as hints. A coordinator sends fewer. Anyone who
     * may log in to the target can send hundreds of thousands, and each one that counts costs the control thread a
     * decision.
     */
    static final int MOST_ANNOUNCEMENTS = 32;

    private final String database;
    private final Connector connector;
    private final Transition transition;
    private final SignalListener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable NotificationChannel> listening = new AtomicReference<>();
    private final BlockingQueue<String> toReveal = new LinkedBlockingQueue<>();

    // All below: listening thread only.
    /** Whether the current failure has been logged. */
    private boolean troubleTold;

    private @Nullable String revealed;
    private boolean works;
    /** Whether the session's name shows that heartbeats arrive. */
    private boolean shown;

    private long lastHeartbeat;
    private long lastSign;
    private long countedSince = System.nanoTime();
    /** Announcements since then. */
    private int counted;
    /** Until when it waits for HELD instead of for notifications; 0 if it doesn't. */
    private long awaitsHeldUntil;

    private Duration slice = FIRST_SLICE;

    SignalSession(String database, Connector connector, Transition transition, SignalListener listener) {
        this.database = database;
        this.connector = connector;
        this.transition = transition;
        this.listener = listener;
    }

    /** Whether this session is the one that {@code other} needs. */
    boolean isFor(Transition other) {
        return transition.id().equals(other.id()) && transition.signals().equals(other.signals());
    }

    /** Gives the session this name; {@link SignalListener#untold} follows if that fails. Never blocks. */
    void reveal(String held) {
        toReveal.add(held);
        if (listening.get() == null) {
            listener.untold();
        }
    }

    /** Listens until {@link #stop}, or until the driver turns out not to support it. Never throws. */
    void listen() {
        boolean possible = true;
        while (possible && !isStopped()) {
            try {
                possible = listenOnce();
            } catch (SQLException | RuntimeException | LinkageError e) {
                tellOnce(e);
            } catch (InterruptedException e) { // this thread is only interrupted to end it
                stop();
            } finally {
                drop();
                unheard();
            }
            pauseUnlessStopped(possible);
        }
    }

    /** Listens on one connection until it breaks; false if the driver doesn't support notifications. */
    private boolean listenOnce() throws SQLException, InterruptedException {
        NotificationChannel channel = open();
        if (channel == null) {
            return isStopped();
        }
        channel.listen();
        LOG.debug("{}: listening for signals of {}", database, transition);
        troubleTold = false;
        lastSign = System.nanoTime();
        listener.hinted(); // earlier notifications were missed
        if (revealed != null) {
            rename(channel, revealed); // the session that had the name is gone
        }
        while (!isStopped()) {
            tellHeld(channel, Duration.ZERO);
            if (awaitsHeld()) {
                // before the next check for notifications: most instances are HELD within a millisecond
                tellHeld(channel, slice);
                slice = Durations.min(slice.multipliedBy(2), LONGEST_SLICE);
            }
            hear(channel, awaitsHeld() ? Duration.ZERO : longestWait());
        }
        return true;
    }

    private void tellHeld(NotificationChannel channel, Duration atMost) throws SQLException, InterruptedException {
        String next = toReveal.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
            revealed = next;
            awaitsHeldUntil = 0;
            rename(channel, next);
        }
    }

    private void rename(NotificationChannel channel, String name) throws SQLException {
        channel.rename(name);
        LOG.debug("{}: HELD, and the coordinator of {} can see it", database, transition);
    }

    private boolean awaitsHeld() {
        if (awaitsHeldUntil != 0 && awaitsHeldUntil - System.nanoTime() <= 0) {
            awaitsHeldUntil = 0;
        }
        return awaitsHeldUntil != 0;
    }

    private Duration longestWait() {
        long now = System.nanoTime();
        long silence = lastSign + SILENCE.toNanos() - now;
        return Duration.ofNanos(works ? Math.min(silence, lastHeartbeat + HEARTBEAT_LASTS.toNanos() - now) : silence);
    }

    private void hear(NotificationChannel channel, Duration atMost) throws SQLException {
        List<String> notifications = channel.await(atMost);
        long now = System.nanoTime();
        boolean hinted = false;
        for (String notification : notifications) {
            lastSign = now;
            hinted |= !isUnderstood(channel, notification, now);
        }
        if (hinted) {
            listener.hinted();
        }
        if (works && now - lastHeartbeat >= HEARTBEAT_LASTS.toNanos()) {
            setWorks(false);
            showWhetherItHears(channel);
        }
        if (now - lastSign >= SILENCE.toNanos()) {
            if (!channel.isAlive()) {
                throw new SQLException("no answer after " + SILENCE.toSeconds() + " s of silence", "08006");
            }
            lastSign = System.nanoTime();
        }
    }

    /** Shows it by the session's name, which the coordinator reads; {@link #reveal} takes precedence. */
    private void showWhetherItHears(NotificationChannel channel) throws SQLException {
        if (revealed == null && shown != works) {
            if (works) {
                channel.rename(Announcement.nameOfWhoHears(transition.id()));
            } else {
                channel.unname();
            }
            shown = works;
        }
    }

    /** Handles a heartbeat or an announcement; false for anything else, which is a hint. */
    private boolean isUnderstood(NotificationChannel channel, String notification, long now) throws SQLException {
        if (notification.equals(Announcement.HEARTBEAT)) {
            lastHeartbeat = now;
            setWorks(true);
            showWhetherItHears(channel);
            return true;
        }
        Announcement announcement = Announcement.parse(notification).orElse(null);
        if (announcement == null || isFlood(now)) {
            return false;
        }
        listener.announced(announcement);
        if (announcement.kind() == Commitment.Kind.HOLD && revealed == null) {
            awaitsHeldUntil = now + transition.longestHold().toNanos();
            slice = FIRST_SLICE;
        }
        return true;
    }

    /** Counts one more announcement; returns whether there are more than any coordinator sends. */
    private boolean isFlood(long now) {
        if (now - countedSince >= SECOND.toNanos()) {
            countedSince = now;
            counted = 0;
        }
        return ++counted > MOST_ANNOUNCEMENTS;
    }

    private void setWorks(boolean now) {
        if (works != now && !isStopped()) {
            works = now;
            listener.work(transition.id(), now);
        }
    }

    /** The connection is gone, and its name with it. */
    private void unheard() {
        awaitsHeldUntil = 0;
        shown = false;
        setWorks(false);
        if ((revealed != null || !toReveal.isEmpty()) && !isStopped()) {
            listener.untold();
        }
    }

    private void tellOnce(Throwable trouble) {
        if (!isStopped()) {
            LOG.atLevel(troubleTold ? Level.DEBUG : Level.INFO)
                    .log(
                            "{}: no signals of {} for now, polling continues; trying again every {} s: {}",
                            database,
                            transition,
                            TRY_AGAIN.toSeconds(),
                            trouble.toString());
            troubleTold = true;
        }
    }

    private void pauseUnlessStopped(boolean wanted) {
        try {
            if (wanted && stopped.await(TRY_AGAIN.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("{}: no more signals of {}", database, transition);
            }
        } catch (InterruptedException e) { // this thread is only interrupted to end it
            stop();
        }
    }

    /** Opens the connection; null if the driver doesn't support notifications, or if the session was stopped. */
    private @Nullable NotificationChannel open() throws SQLException {
        NotificationChannel channel =
                NotificationChannel.open(connector, transition.signals(), Transition.phaseChannel(transition.id()));
        listening.set(channel);
        if (isStopped()) { // stop() may have run before there was anything to close
            drop();
            return null;
        }
        return channel;
    }

    private void drop() {
        NotificationChannel channel = listening.getAndSet(null);
        if (channel != null) {
            channel.abort();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /**
     * Ends the session: closes the connection at once; a connection that is being opened is closed as soon as it is
     * open. Idempotent.
     */
    void stop() {
        stopped.countDown();
        drop();
    }
}
