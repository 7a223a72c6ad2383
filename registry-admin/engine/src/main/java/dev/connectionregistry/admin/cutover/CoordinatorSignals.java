package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import java.time.Duration;
import java.util.List;

/**
 * What the coordinator and the instances say to each other over the target, beside the registry (docs/adr/0032). Nothing that
 * is lost, late or forged there changes an outcome; therefore nothing here throws for what the server does. Thread-safe.
 */
public interface CoordinatorSignals extends AutoCloseable {
    /** Without a server: nothing is sent or heard. */
    CoordinatorSignals NONE = new CoordinatorSignals() {
        @Override
        public void hint() {}

        @Override
        public void announce(Announcement announcement) {}

        @Override
        public void settled() {}

        @Override
        public HeldWatch watchHeld() {
            return new HeldWatch() {
                @Override
                public Heard await(Duration atMost) throws InterruptedException {
                    Thread.sleep(atMost.toMillis());
                    return Heard.NOTHING;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    };

    /** Tells the instances that listen to read the settings; repeated until {@link #settled}. Returns at once. */
    void hint();

    /**
     * Tells the instances that listen which version was written; repeated until {@link #settled}, for instances that begin to listen
     * later. Returns at once; every announcement is sent, in the order of the calls.
     */
    void announce(Announcement announcement);

    /** Every instance has arrived: stops repeating the last text. */
    void settled();

    /** Looks every few milliseconds for instances that say that they are HELD, until the caller closes the result. */
    HeldWatch watchHeld();

    @Override
    void close();

    /** A watch for instances that are HELD. For one thread. */
    interface HeldWatch extends AutoCloseable {
        /** Waits until something is heard that was not returned before, at most {@code atMost}. */
        Heard await(Duration atMost) throws InterruptedException;

        @Override
        void close();
    }

    /**
     * What was heard.
     *
     * @param held what instances have revealed; not proven by anything yet
     * @param hints how many instances of an older release have hinted at a new report
     */
    record Heard(List<HeldSignal> held, int hints) {
        /** Nothing. */
        public static final Heard NOTHING = new Heard(List.of(), 0);
    }
}
