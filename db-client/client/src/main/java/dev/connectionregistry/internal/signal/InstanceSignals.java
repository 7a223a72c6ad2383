package dev.connectionregistry.internal.signal;

import dev.connectionregistry.settings.Transition;

/**
 * Signals between the coordinator of a cutover and this instance, over the target. Nothing that they do or don't do changes an
 * outcome, and nothing that a server does comes out of here. Thread-safe; no method blocks.
 */
public interface InstanceSignals {
    /** No signals: hears none and reveals nothing. */
    InstanceSignals NONE = new InstanceSignals() {
        @Override
        public void listen(Transition transition) {}

        @Override
        public void reveal(String held) {}

        @Override
        public void stop() {}
    };

    /** Takes this cutover's signals from now on, and no others. Safe to repeat. */
    void listen(Transition transition);

    /**
     * Proves to the coordinator that this instance is HELD; does nothing unless listening.
     *
     * @param held the session name that proves it
     */
    void reveal(String held);

    /** Takes no more signals; its connection is closed soon. Safe to repeat. */
    void stop();
}
