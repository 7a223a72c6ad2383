package dev.connectionregistry.internal.signal;

import dev.connectionregistry.settings.Transition;

/**
 * Hints between the coordinator of a cutover and this instance, over LISTEN and NOTIFY on the target. Nothing that they do or
 * don't do changes an outcome, and nothing that a server does comes out of here. Thread-safe; no method blocks.
 */
public interface InstanceSignals {
    /** Where hints neither come from nor go to. */
    InstanceSignals NONE = new InstanceSignals() {
        @Override
        public void listen(Transition transition) {}

        @Override
        public void send() {}

        @Override
        public void stop() {}
    };

    /** Takes this cutover's hints from now on, and no others. Safe to repeat. */
    void listen(Transition transition);

    /** Sends a hint that there may be a new report; does nothing unless listening. */
    void send();

    /** Takes no more hints; its connections are closed soon. Safe to repeat. */
    void stop();
}
