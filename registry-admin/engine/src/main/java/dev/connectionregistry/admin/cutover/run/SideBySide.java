package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Does the same pieces of work, one after the other, for several Postgres databases at the same time. Each database has
 * a thread of its own and goes on to its next piece without waiting for the others; {@link #await} waits until all of
 * them have done a piece. The pieces of a single database are done on the thread that awaits them. For the
 * coordinator's thread.
 *
 * @param <T> the result of a piece
 */
final class SideBySide<T> {
    private static final Duration CANCEL_AGAIN = Duration.ofMillis(100);

    private final List<DatabaseRun> databases;
    private final List<DatabaseRun.Work<T>> pieces;
    private final boolean givesUp;
    private final BlockingQueue<Ended<T>> ended = new LinkedBlockingQueue<>();
    private final List<BoundedCall<Boolean, RuntimeException>> calls = new ArrayList<>();
    /** For each database, the results of its pieces. */
    private final List<List<T>> results = new ArrayList<>();

    private Optional<Ended<T>> failed = Optional.empty();
    private boolean givenUp;
    private boolean interrupted;
    private int running;

    private SideBySide(List<DatabaseRun> databases, List<DatabaseRun.Work<T>> pieces, boolean givesUp) {
        this.databases = databases;
        this.pieces = pieces;
        this.givesUp = givesUp;
    }

    /**
     * A piece of one database that is done, or that failed and has no result; the last one of a database marks its end.
     */
    private record Ended<T>(int index, Optional<T> result, Optional<Exception> problem, boolean last) {}

    /**
     * Does {@code work} for all, and gives up the others when one fails.
     *
     * @return the results, in the databases' order
     * @throws StepFailure the first failure
     */
    static <T> List<T> untilOneFails(List<DatabaseRun> databases, DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return new SideBySide<>(databases, List.of(work), true).await(0);
    }

    /** The same, but the others go on to their end when one fails: what each of them does is needed for itself. */
    static <T> List<T> toTheEnd(List<DatabaseRun> databases, DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return new SideBySide<>(databases, List.of(work), false).await(0);
    }

    /** Pieces that each database does in turn, all given up when one fails; the first {@link #await} begins them. */
    static <T> SideBySide<T> inTurn(List<DatabaseRun> databases, List<DatabaseRun.Work<T>> pieces) {
        return new SideBySide<>(databases, pieces, true);
    }

    /**
     * Waits until all have done this piece. If that fails, all have ended, so that none of it takes effect later.
     *
     * @param piece the index of the piece; each is awaited once, in order
     * @return the results, in the databases' order
     * @throws StepFailure the first failure, in this piece or already in a later one
     */
    List<T> await(int piece) throws StepFailure, ServerException, InterruptedException {
        if (databases.size() == 1) {
            return List.of(pieces.get(piece).on(databases.get(0)));
        }
        if (calls.isEmpty()) {
            begin();
        }
        while (!isOver(piece)) {
            takeNext();
        }
        if (interrupted) {
            interrupted = false;
            throw new InterruptedException();
        }
        if (!isDone(piece)) {
            int first = failed.orElseThrow().index();
            throw problem(databases.get(first), failed.get().problem().orElseGet(() -> thrown(calls.get(first))));
        }
        return results.stream().map(each -> each.get(piece)).toList();
    }

    /**
     * Gives up the work that still runs, and waits until all have ended, even if the thread is interrupted. Returns at
     * once if they have.
     */
    void end() {
        boolean again = false;
        givenUp |= running > 0;
        while (running > 0) {
            again |= Thread.interrupted();
            takeNext();
        }
        if (again || interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    private void begin() {
        databases.forEach(each -> results.add(new ArrayList<>()));
        try {
            for (int index = 0; index < databases.size(); index++) {
                calls.add(begin(index));
                running++;
            }
        } catch (RuntimeException | Error e) { // such as no room for another thread
            end();
            throw e;
        }
    }

    private BoundedCall<Boolean, RuntimeException> begin(int index) {
        DatabaseRun database = databases.get(index);
        return BoundedCall.start("cutover-" + database.lead().name(), () -> {
            Optional<Exception> problem = Optional.empty();
            for (int piece = 0; piece < pieces.size() && problem.isEmpty(); piece++) {
                Optional<T> result = Optional.empty();
                try {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    result = Optional.of(pieces.get(piece).on(database));
                } catch (StepFailure | ServerException | InterruptedException | RuntimeException e) {
                    problem = Optional.of(e);
                } catch (Error e) {
                    problem = Optional.of(new IllegalStateException(e));
                } finally {
                    ended.add(new Ended<>(index, result, problem, result.isEmpty() || piece == pieces.size() - 1));
                }
            }
            return true;
        });
    }

    private boolean isOver(int piece) {
        return running == 0 || (!givenUp && isDone(piece));
    }

    private boolean isDone(int piece) {
        return results.stream().allMatch(each -> each.size() > piece);
    }

    private void takeNext() {
        boolean cancels = givenUp || (givesUp && failed.isPresent());
        if (cancels) {
            cancel();
        }
        try {
            Ended<T> next = ended.poll(cancels ? CANCEL_AGAIN.toNanos() : Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            if (next != null) {
                next.result().ifPresent(results.get(next.index())::add);
                failed = failed.or(
                        () -> Optional.of(next).filter(each -> each.result().isEmpty()));
                running -= next.last() ? 1 : 0;
            }
        } catch (InterruptedException e) {
            interrupted = true;
            givenUp = true;
        }
    }

    /** A cancel may come between two statements, so this is repeated. */
    private void cancel() {
        for (int index = 0; index < calls.size(); index++) {
            if (!calls.get(index).hasEnded()) {
                calls.get(index).interrupt();
                databases.get(index).cancel();
            }
        }
    }

    /** Rethrows what no step declares. */
    private static Exception thrown(BoundedCall<Boolean, RuntimeException> call) {
        call.close();
        return new IllegalStateException("it should have failed, but returned " + call.result());
    }

    /** The same, saying which Postgres database it is about. */
    private static StepFailure problem(DatabaseRun database, Exception problem)
            throws ServerException, InterruptedException {
        String where = "'" + database.lead().name() + "': ";
        if (problem instanceof StepFailure failure) {
            return failure.in(where);
        }
        if (problem instanceof ServerException failure) {
            throw new ServerException(failure.kind(), where + failure.getMessage(), failure);
        }
        if (problem instanceof RuntimeException failure) {
            throw failure;
        }
        throw (InterruptedException) problem;
    }
}
