package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.NotificationChannel;
import dev.connectionregistry.settings.Transition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The signals of one cutover, until {@link #stop}. {@link #listen} is for one thread and {@link #send} for another one;
 * {@link #stop} may be called by any.
 */
final class SignalSession {
    private static final Logger LOG = CleanLogger.of(SignalSession.class);
    /** After a failure; not more often, so that a fleet doesn't storm a server that is in trouble. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    /** After as long a silence the server is asked whether it is still there. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final String database;
    private final Connector connector;
    private final Transition transition;
    private final Runnable signalled;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable NotificationChannel> listening = new AtomicReference<>();
    private final AtomicReference<@Nullable NotificationChannel> sending = new AtomicReference<>();
    /** Whether there has been a line about the trouble there is. Listening thread only. */
    private boolean troubleTold;

    SignalSession(String database, Connector connector, Transition transition, Runnable signalled) {
        this.database = database;
        this.connector = connector;
        this.transition = transition;
        this.signalled = signalled;
    }

    /** Whether this is what {@code other} needs. */
    boolean isFor(Transition other) {
        return transition.id().equals(other.id()) && transition.target().equals(other.target());
    }

    /** Listens until {@link #stop}, or until it turns out that the driver can't. Never throws. */
    void listen() {
        boolean possible = true;
        while (possible && !isStopped()) {
            try {
                possible = listenOnce();
            } catch (SQLException | RuntimeException | LinkageError e) {
                tellOnce(e);
            } finally {
                drop(listening);
            }
            pauseUnlessStopped(possible);
        }
    }

    /** Listens on one connection until it breaks; false if the driver knows no notifications. */
    private boolean listenOnce() throws SQLException {
        NotificationChannel channel = open(listening, Transition.phaseChannel(transition.id()));
        if (channel == null) {
            return isStopped();
        }
        channel.listen();
        LOG.debug("{}: listening for signals of {}", database, transition);
        troubleTold = false;
        signalled.run(); // whatever was sent before nobody heard
        while (!isStopped()) {
            hear(channel);
        }
        return true;
    }

    private void hear(NotificationChannel channel) throws SQLException {
        long before = System.nanoTime();
        if (channel.await(SILENCE)) {
            signalled.run();
        } else if (System.nanoTime() - before >= SILENCE.toNanos() && !channel.isAlive()) {
            throw new SQLException("no answer after " + SILENCE.toSeconds() + " s of silence", "08006");
        }
    }

    private void tellOnce(Throwable trouble) {
        if (!isStopped()) {
            LOG.atLevel(troubleTold ? Level.DEBUG : Level.INFO)
                    .log(
                            "{}: no signals of {} for now, polling goes on; trying again every {} s: {}",
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
        } catch (InterruptedException e) { // nobody interrupts this thread but to end it
            stop();
        }
    }

    /** Sends one hint, over another connection if the one there was is broken. Never throws. */
    void send() {
        for (int attempt = 1; attempt <= 2 && !isStopped(); attempt++) {
            try {
                NotificationChannel channel = sending.get();
                channel = channel == null ? open(sending, Transition.reportChannel(transition.id())) : channel;
                if (channel != null) {
                    channel.send();
                }
                return;
            } catch (SQLException | RuntimeException | LinkageError e) {
                LOG.debug("{}: a signal of {} could not be sent", database, transition, e);
                drop(sending);
            }
        }
    }

    /** Opens a connection into its {@code place}; null if the driver knows no notifications, or it isn't wanted any more. */
    private @Nullable NotificationChannel open(AtomicReference<@Nullable NotificationChannel> place, String name)
            throws SQLException {
        NotificationChannel channel = NotificationChannel.open(connector, transition.target(), name);
        place.set(channel);
        if (isStopped()) { // stop() may have looked before there was anything to close
            drop(place);
            return null;
        }
        return channel;
    }

    private static void drop(AtomicReference<@Nullable NotificationChannel> place) {
        NotificationChannel channel = place.getAndSet(null);
        if (channel != null) {
            channel.abort();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Ends it: closes both connections at once; one that is being opened is closed as soon as it is there. Idempotent. */
    void stop() {
        stopped.countDown();
        drop(listening);
        drop(sending);
    }
}
