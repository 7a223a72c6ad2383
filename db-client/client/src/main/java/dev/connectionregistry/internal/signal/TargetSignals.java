package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.settings.Transition;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Signals over two connections to the target: one that listens, on a thread of its own, and one that sends, opened when there
 * is something to send. Both are gone soon after {@link #stop}: at once, or when the attempt to open one has come to an end.
 *
 * <p>Thread-safe; nothing here blocks or throws for what a server does.
 */
public final class TargetSignals implements InstanceSignals, AutoCloseable {
    private static final Logger LOG = CleanLogger.of(TargetSignals.class);
    /** The sender's thread goes when there was nothing to send for so long. */
    private static final long SENDER_IDLE_SECONDS = 2;

    private final String database;
    private final Connector connector;
    private final ThreadFactory threads;
    private final Runnable signalled;
    private final ThreadPoolExecutor sender;
    private final AtomicReference<@Nullable SignalSession> current = new AtomicReference<>();

    /**
     * Signals that begin with {@link #listen}.
     *
     * @param database for messages
     * @param threads makes the threads, at most two at a time for one cutover
     * @param signalled told of hints, on a thread of this; must not block
     */
    public TargetSignals(String database, Connector connector, ThreadFactory threads, Runnable signalled) {
        this.database = database;
        this.connector = connector;
        this.threads = threads;
        this.signalled = signalled;
        // One being sent and one waiting: a third would say nothing that the waiting one doesn't.
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                SENDER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                threads,
                new ThreadPoolExecutor.DiscardPolicy());
        sender.allowCoreThreadTimeOut(true);
    }

    @Override
    public void listen(Transition transition) {
        SignalSession running = current.get();
        if (running == null || !running.isFor(transition)) {
            start(new SignalSession(database, connector, transition, signalled));
        }
    }

    private void start(SignalSession session) {
        replace(session);
        try {
            threads.newThread(session::listen).start();
        } catch (RuntimeException
                | Error e) { // such as no room for another thread; without hints polling does the work
            LOG.info("{}: no signals during the cutover, polling goes on: {}", database, e.toString());
        }
    }

    @Override
    public void send() {
        SignalSession session = current.get();
        if (session != null) {
            try {
                sender.execute(session::send);
            } catch (RuntimeException | Error e) {
                LOG.debug("{}: a signal could not be sent", database, e);
            }
        }
    }

    @Override
    public void stop() {
        replace(null);
    }

    private void replace(@Nullable SignalSession next) {
        SignalSession before = current.getAndSet(next);
        if (before != null) {
            before.stop();
        }
    }

    /** As {@link #stop}, for good: also ends the sender's thread. Idempotent. */
    @Override
    public void close() {
        sender.shutdown();
        stop();
    }
}
