package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.DatabaseName;

/**
 * What the control thread receives, and which rule decides what follows. Values only. The rules are pure functions of
 * what is known and what happened; each rule knows only those below it:
 *
 * <ol>
 *   <li>{@link SignalDecisions}: the meaning of a cutover's signals;
 *   <li>{@link ReadDecisions}: the meaning of the registry's answer, and when to read next;
 *   <li>{@link TransitionDecisions}: the instance's half of a cutover;
 *   <li>{@link OverdueHoldDecisions}: a hold that is not ended in time;
 *   <li>{@link GenerationDecisions}: which pool to open, publish, keep or abandon.
 * </ol>
 */
sealed interface Event {
    /**
     * Decides what follows from this event. No I/O, no clock, no randomness.
     *
     * @param now the monotonic clock, in nanoseconds
     */
    Decision decide(ClientState state, long now);

    /** The data source is being built. */
    record StartRequested() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.read(state, now);
        }
    }

    /** The bound for the first read has passed. */
    record StartOverdue() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return GenerationDecisions.startWithoutRegistry(state);
        }
    }

    /** It is time to read the registry. */
    record PollDue() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.read(state, now);
        }
    }

    /** A read has ended. */
    record ReadReturned(long number, ReadResult result) implements Event {
        /**
         * Whether its answer still counts: the read wasn't abandoned, and no signal has announced a newer version since
         * it started.
         */
        boolean counts(ClientState state) {
            return state.reading().awaits(number);
        }

        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.returned(state, number, result, now);
        }
    }

    /** A read has not ended within its bound. */
    record ReadOverdue(long number) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.overdue(state, number, now);
        }
    }

    /** A hint that the registry may have something new; never trusted. */
    record Signalled() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.signalled(state, now);
        }
    }

    /** A notification says that a version was written, and may prove it. */
    record Announced(DatabaseName database, Announcement announcement) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return SignalDecisions.announced(state, database, announcement, now);
        }
    }

    /** The time for reading an announced version, which the instance has already acted on, is over. */
    record AnnouncementUnread(long version) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return SignalDecisions.unread(state, version);
        }
    }

    /** Heartbeats of this cutover start to arrive, or no longer arrive. */
    record SignalsWork(String run, boolean work) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return SignalDecisions.work(state, run, work);
        }
    }

    /** A report was written or couldn't be, a signal couldn't be given, or a delayed report is due. */
    record ReportDue() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return Decision.of(state); // ReportTimes decides after each event whether a report is due
        }
    }

    /** A connection failed in a way that suggests a moved database. */
    record MovedSign(String sqlState) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return ReadDecisions.movedSign(state, sqlState, now);
        }
    }

    /** Attempts to open connections start to fail, fail once more, or succeed again; or it is time to check. */
    record HealthChanged() implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return Decision.of(state); // the status shows it; the pool itself keeps trying
        }
    }

    /** A statement on a generation was refused because it is a write. */
    record WriteRefused(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return GenerationDecisions.writeRefused(state, generation);
        }
    }

    /**
     * Connections of a generation logged in with a password that the server no longer accepts; repeated whenever one is
     * opened.
     */
    record PasswordChanged(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return GenerationDecisions.passwordChanged(state, generation);
        }
    }

    /** A generation is warm and validated. */
    record GenerationOpened(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return TransitionDecisions.opened(state, generation);
        }
    }

    /** A generation could not be opened. */
    record GenerationRefused(long generation, String cause) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return TransitionDecisions.refused(state, generation, cause);
        }
    }

    /** It is time to try rejected settings again. */
    record RetryDue(long version) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return TransitionDecisions.retry(state, version);
        }
    }

    /**
     * A replaced generation had to be ended by force.
     *
     * @param cut connections that were ended on the server
     * @param unproven those whose outcome is in doubt
     */
    record ConnectionsCut(long generation, int cut, int unproven) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return GenerationDecisions.cut(state, this);
        }
    }

    /** Nothing is in use any more on a generation whose gate is closed. */
    record Drained(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return TransitionDecisions.drained(state, generation);
        }
    }

    /** Every listener knows that this cutover is coming, or its time to react is over. */
    record ListenersTold(String run) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return TransitionDecisions.listenersTold(state, run);
        }
    }

    /** A gate has been closed for as long as it may be. */
    record HoldOverdue(long version) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return OverdueHoldDecisions.holdOverdue(state, version);
        }
    }

    /** New sessions of a generation that accepts a fence are read-only. */
    record FenceMet(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return OverdueHoldDecisions.fenceMet(state, generation);
        }
    }

    /** After {@link FenceMet}, new sessions of that generation can write again. */
    record FenceLifted(long generation) implements Event {
        @Override
        public Decision decide(ClientState state, long now) {
            return OverdueHoldDecisions.fenceLifted(state, generation);
        }
    }
}
