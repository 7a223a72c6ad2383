package dev.connectionregistry.internal;

/**
 * Every decision of the client, as a pure function of what is known and what happened: no I/O, no clock, no chance. The
 * rules stand in {@link ReadDecisions} (what an answer of the registry means and when to read next),
 * {@link GenerationDecisions} (which pool to open, publish, keep or give up), {@link TransitionDecisions} (the cutover)
 * and {@link OverdueHoldDecisions} (a cutover that nobody ends).
 */
final class Decider {
    private Decider() {}

    /**
     * Decides what follows from {@code event}.
     *
     * @param now the monotonic clock, in nanoseconds
     */
    static Decision decide(ClientState state, Event event, long now) {
        if (event instanceof Event.StartRequested || event instanceof Event.PollDue) {
            return ReadDecisions.read(state, now);
        }
        if (event instanceof Event.ReadReturned returned) {
            return ReadDecisions.returned(state, returned, now);
        }
        if (event instanceof Event.ReadOverdue overdue) {
            return ReadDecisions.overdue(state, overdue, now);
        }
        if (event instanceof Event.MovedSign sign) {
            return ReadDecisions.movedSign(state, sign, now);
        }
        if (event instanceof Event.HealthChanged) {
            return Decision.of(state); // the status says it; the pool itself goes on trying
        }
        if (event instanceof Event.WriteRefused refused) {
            return GenerationDecisions.writeRefused(state, refused.generation());
        }
        if (event instanceof Event.PasswordChanged changed) {
            return GenerationDecisions.passwordChanged(state, changed.generation());
        }
        if (event instanceof Event.StartOverdue) {
            return GenerationDecisions.startWithoutRegistry(state);
        }
        if (event instanceof Event.GenerationOpened opened) {
            return GenerationDecisions.opened(state, opened.generation());
        }
        if (event instanceof Event.GenerationRefused refused) {
            return GenerationDecisions.refused(state, refused);
        }
        if (event instanceof Event.ConnectionsCut cut) {
            return GenerationDecisions.cut(state, cut);
        }
        if (event instanceof Event.RetryDue retry) {
            return GenerationDecisions.retry(state, retry.version());
        }
        if (event instanceof Event.Signalled) {
            return ReadDecisions.signalled(state, now);
        }
        if (event instanceof Event.Drained drained) {
            return TransitionDecisions.drained(state, drained.generation());
        }
        if (event instanceof Event.HoldOverdue overdue) {
            return OverdueHoldDecisions.holdOverdue(state, overdue.version());
        }
        if (event instanceof Event.FenceMet met) {
            return OverdueHoldDecisions.fenceMet(state, met.generation());
        }
        if (event instanceof Event.FenceLifted lifted) {
            return OverdueHoldDecisions.fenceLifted(state, lifted.generation());
        }
        if (event instanceof Event.ListenersTold told) {
            return TransitionDecisions.listenersTold(state, told.run());
        }
        throw new AssertionError(event);
    }
}
