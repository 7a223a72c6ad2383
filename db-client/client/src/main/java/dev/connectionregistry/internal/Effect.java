package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.Transition;
import java.time.Duration;
import org.slf4j.event.Level;

/** What the control thread must do. Values only; {@link ControlLoop} executes them in order. */
sealed interface Effect {
    /** Executes the effect. Control thread only; never blocks. */
    void on(Actions actions);

    /** Read the registry; the result comes back with this number. */
    record Read(long number) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.read(number);
        }
    }

    /** Read again after this delay, instead of when it was scheduled before. */
    record PollAfter(Duration delay, Jitter jitter) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.pollAfter(delay, jitter);
        }
    }

    /**
     * Try rejected settings again after a random time of at most {@code atMost}, instead of when it was scheduled
     * before.
     */
    record RetryAfter(long version, Duration atMost) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.retryAfter(version, atMost);
        }
    }

    /** Open a generation beside the current one. */
    record Open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) implements Effect {
        /** A generation whose server must accept writes if its settings want a primary. */
        Open(long generation, long version, ConnectionSettings settings) {
            this(generation, version, settings, AcceptedPrimary.WRITABLE);
        }

        @Override
        public void on(Actions actions) {
            actions.open(generation, version, settings, accepts);
        }
    }

    /** Abandon a generation that was never used, whether it is open yet or not. */
    record Abandon(long generation, String cause) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().abandon(generation, cause);
        }
    }

    /** Let callers borrow from this generation. */
    record Publish(long generation) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().publish(generation);
        }
    }

    /** Drain a generation that was replaced. */
    record Retire(long generation, Duration grace) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().retire(generation, grace);
        }
    }

    /** Close the gate and report when nothing is in use any more. */
    record Hold(long generation, String run) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().hold(generation, run);
        }
    }

    /** Report when the gate that this version closed has been closed for this long, replacing the earlier schedule. */
    record HoldUntil(long version, Duration atMost) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.holdUntil(version, atMost);
        }
    }

    /** Open the gate to the generation that was held. */
    record Release(long generation, AcceptedPrimary accepts) implements Effect {
        /** To a generation whose server must accept writes if its settings want a primary. */
        Release(long generation) {
            this(generation, AcceptedPrimary.WRITABLE);
        }

        @Override
        public void on(Actions actions) {
            actions.generations().release(generation, accepts);
        }
    }

    /**
     * Replace the connections that began under a fence, in a generation whose gate is open, and accept this from now
     * on.
     */
    record ReplaceFenced(long generation, AcceptedPrimary accepts) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().replaceFenced(generation, accepts);
        }
    }

    /** Ask the server of a generation whether it still accepts writes. */
    record CheckRole(long generation) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().checkRole(generation);
        }
    }

    /** Check after this time whether this announced version has been read, instead of the check scheduled before. */
    record ReadWithin(long version, Duration atMost) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.readWithin(version, atMost);
        }
    }

    /** Delay reports that nobody needs now. */
    record ReportsWait(Duration delay, Jitter jitter) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.reportsWait(delay, jitter);
        }
    }

    /** Prove to the coordinator at once that this instance is HELD in the hold of this version. */
    record RevealHeld(String run, long version) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.revealHeld(run, version);
        }
    }

    /** Listen for a cutover's signals, instead of those of any earlier one. */
    record Listen(Transition transition) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.listen(transition);
        }
    }

    /** Stop listening for signals. */
    record StopListening() implements Effect {
        @Override
        public void on(Actions actions) {
            actions.stopListening();
        }
    }

    /** Report when every listener has been notified of the status that results from this event, within a bound. */
    record TellListeners(String run) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.tellListeners(run);
        }
    }

    /** Change sizes and time-outs of a generation in place. */
    record Resize(long generation, PoolSettings settings) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.generations().resize(generation, settings);
        }
    }

    /** Save settings that a pool was opened for. */
    record SaveSnapshot(SettingsToServe target) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.saveSnapshot(target);
        }
    }

    /** The data source is ready for use; its start is over. */
    record Started() implements Effect {
        @Override
        public void on(Actions actions) {
            actions.started();
        }
    }

    /** The data source can't start. */
    record FailStart(String message) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.failStart(message);
        }
    }

    /** Keep this failure in the status. */
    record Remember(String problem) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.remember(problem);
        }
    }

    record Log(Level level, String message) implements Effect {
        @Override
        public void on(Actions actions) {
            actions.log(level, message);
        }
    }
}
