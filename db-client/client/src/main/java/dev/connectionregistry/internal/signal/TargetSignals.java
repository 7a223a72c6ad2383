package dev.connectionregistry.internal.signal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.settings.Transition;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Signals over one connection to the target, on a thread of its own. Both end soon after {@link #stop}: at once, or
 * when the attempt to open the connection has ended.
 *
 * <p>Thread-safe; nothing here blocks or throws because of what a server does.
 */
public final class TargetSignals implements InstanceSignals {
    private static final Logger LOG = CleanLogger.of(TargetSignals.class);

    private final String database;
    private final Connector connector;
    private final ThreadFactory threads;
    private final SignalListener listener;
    private final AtomicReference<@Nullable SignalSession> current = new AtomicReference<>();

    /**
     * Signals that start with {@link #listen}.
     *
     * @param database for messages
     * @param threads creates one thread for each cutover
     */
    public TargetSignals(String database, Connector connector, ThreadFactory threads, SignalListener listener) {
        this.database = database;
        this.connector = connector;
        this.threads = threads;
        this.listener = listener;
    }

    @Override
    public void listen(Transition transition) {
        SignalSession running = current.get();
        if (running == null || !running.isFor(transition)) {
            start(new SignalSession(database, connector, transition, listener));
        }
    }

    private void start(SignalSession session) {
        replace(session);
        try {
            threads.newThread(session::listen).start();
        } catch (RuntimeException | Error e) { // such as no memory for another thread; polling replaces the signals
            LOG.info("{}: no signals during the cutover, polling continues: {}", database, e.toString());
        }
    }

    @Override
    public void reveal(String held) {
        SignalSession session = current.get();
        if (session != null) {
            session.reveal(held);
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
}
