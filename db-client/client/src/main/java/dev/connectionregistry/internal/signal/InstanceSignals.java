package dev.connectionregistry.internal.signal;

import dev.connectionregistry.settings.Transition;

/**
 * Signals between the coordinator of a cutover and this instance, over the target. Signals never change an outcome, and
 * no failure of a server leaves this interface. Thread-safe; no method blocks.
 */
public interface InstanceSignals {
    /** No signals: receives none and reveals nothing. */
    InstanceSignals NONE = new InstanceSignals() {
        @Override
        public void listen(Transition transition) {}

        @Override
        public void reveal(String held) {}

        @Override
        public void stop() {}
    };

    /** Listens for this cutover's signals from now on, and for no others. Safe to repeat. */
    void listen(Transition transition);

    /**
     * Proves to the coordinator that this instance is HELD; does nothing unless listening.
     *
     * @param held the session name that proves it
     */
    void reveal(String held);

    /** Stops listening; the connection is closed soon. Safe to repeat. */
    void stop();
}
