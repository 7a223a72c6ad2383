package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls to the servers that run beside the coordinator's thread, each on a thread and a session of its own. A call begins in one
 * step, and a later step takes its result. If a step fails, {@link #end} makes sure that none of them still works on a server
 * when the undo begins. For the coordinator's thread.
 */
final class SideCalls {
    /** How much longer than its own bound a call is waited for, since the socket's bound comes after the server's. */
    private static final Duration MARGIN = Duration.ofSeconds(2);
    /** How long {@link #end} waits for calls that were cancelled, and then for those whose session was closed. */
    private static final Duration CANCELLED = Duration.ofSeconds(2);

    /** How often a wait for one call looks for others that have failed. */
    private static final Duration NEXT_LOOK = Duration.ofMillis(10);

    private static final Duration CANCEL_AGAIN = Duration.ofMillis(100);

    private final Map<QuestionName<?>, SideCall<?>> calls = new LinkedHashMap<>();

    /**
     * The session that a call uses; both actions are called from other threads.
     *
     * @param server the source or the target, which it belongs to
     * @param cancel ends the statement that is under way
     * @param close ends the session
     */
    record Session(Object server, Runnable cancel, Runnable close) {}

    private record SideCall<T>(BoundedCall<T, ServerException> call, Session session) {}

    /** Begins a call that uses {@code session}, which nobody else uses until the call has ended. Forgets an earlier one of this name. */
    <T> void begin(QuestionName<T> name, Session session, BoundedCall.Call<T, ServerException> call) {
        calls.put(name, new SideCall<>(BoundedCall.start(name.thread(), call), session));
    }

    /** Whether a call of this name was begun and nobody has taken its result. */
    boolean isBegun(QuestionName<?> name) {
        return calls.containsKey(name);
    }

    /** Waits up to {@code bound} until no call uses a session of {@code server}; returns whether that is so. */
    boolean awaitFree(Object server, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        for (SideCall<?> each : calls.values()) {
            if (each.session().server().equals(server) && !hasEnded(each, Duration.ofNanos(end - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /** Forgets the calls that use a session of {@code server}, which is closed. */
    void forget(Object server) {
        calls.values().removeIf(each -> each.session().server().equals(server));
    }

    private static boolean hasEnded(SideCall<?> each, Duration bound) {
        try {
            return each.call().awaitEnd(bound.isNegative() ? Duration.ZERO : bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return each.call().hasEnded();
        }
    }

    /** Throws what a call has thrown by now; doesn't wait. */
    void requireNoFailure() throws ServerException {
        for (SideCall<?> each : calls.values()) {
            if (each.call().hasEnded()) {
                each.call().result();
            }
        }
    }

    /**
     * Waits for a call's result and forgets the call; gives up as soon as another call has failed. Empty if none was
     * begun since this was last asked.
     *
     * @throws ServerException what this call, or the other one, threw
     * @throws StepFailure if the call has not ended a little after {@code bound}, which is also its own
     */
    <T> Optional<T> take(QuestionName<T> name, Duration bound)
            throws ServerException, StepFailure, InterruptedException {
        SideCall<?> found = calls.get(name);
        if (found == null) {
            return Optional.empty();
        }
        long end = System.nanoTime() + bound.plus(MARGIN).toNanos();
        while (!found.call().awaitEnd(NEXT_LOOK)) {
            requireNoFailure();
            if (System.nanoTime() >= end) {
                throw late(bound);
            }
        }
        calls.remove(name);
        return Optional.of(name.answer().cast(found.call().result()));
    }

    /**
     * Waits until a call has ended, and forgets it; for one whose failure another call makes up for.
     *
     * @return what it threw; empty if nothing, or if none was begun since this was last asked
     * @throws StepFailure if the call has not ended a little after {@code bound}, which is also its own
     */
    Optional<ServerException> failure(QuestionName<?> name, Duration bound) throws StepFailure, InterruptedException {
        SideCall<?> found = calls.get(name);
        if (found == null) {
            return Optional.empty();
        }
        if (!found.call().awaitEnd(bound.plus(MARGIN))) {
            throw late(bound);
        }
        calls.remove(name);
        try {
            found.call().result();
            return Optional.empty();
        } catch (ServerException e) {
            return Optional.of(e);
        }
    }

    private static StepFailure late(Duration bound) {
        return StepFailure.failed("the server did not answer within " + bound.toMillis() + " ms");
    }

    /**
     * Ends all calls and forgets them: cancels their statements, again and again for two seconds, since a cancel may come between two
     * statements; then closes the sessions of those that still have not ended. Returns at once if none is running.
     */
    void end() {
        boolean interrupted = Thread.interrupted(); // the flag would end every wait at once
        endAll(running());
        calls.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAll(List<SideCall<?>> all) {
        List<SideCall<?>> running = all;
        long end = System.nanoTime() + CANCELLED.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            List<BoundedCall<?, RuntimeException>> cancels = new ArrayList<>();
            running.forEach(
                    each -> cancels.add(aside("cutover-cancel", each.session().cancel())));
            awaitAll(running, CANCEL_AGAIN);
            cancels.forEach(BoundedCall::close); // a cancel that comes late would hit a statement of the undo
            running = running();
        }
        running.forEach(each -> aside("cutover-give-up", each.session().close()).close());
        awaitAll(running, CANCELLED);
    }

    private List<SideCall<?>> running() {
        List<SideCall<?>> running = new ArrayList<>(calls.values());
        running.removeIf(each -> each.call().hasEnded());
        return running;
    }

    private static void awaitAll(List<SideCall<?>> all, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        all.forEach(each -> hasEnded(each, Duration.ofNanos(end - System.nanoTime())));
    }

    /** On a thread of its own, since a server that does not answer takes a second to cancel. */
    private static BoundedCall<Boolean, RuntimeException> aside(String thread, Runnable work) {
        return BoundedCall.start(thread, () -> {
            work.run();
            return true;
        });
    }
}
