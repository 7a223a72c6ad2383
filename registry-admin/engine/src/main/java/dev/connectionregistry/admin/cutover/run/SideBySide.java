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
 * Does the same for several Postgres databases at the same time, each on a thread of its own; for a single one on the caller's thread.
 * Returns when all have ended, so that nothing of it takes effect later. For the coordinator's thread.
 */
final class SideBySide {
    private static final Duration CANCEL_AGAIN = Duration.ofMillis(100);

    private SideBySide() {}

    /** What one of them came to. */
    private record Ended(int index, Optional<Exception> problem) {}

    /**
     * Does it for all, and gives the others up when one fails.
     *
     * @return the results, in the databases' order
     * @throws StepFailure as the first that failed
     */
    static <T> List<T> untilOneFails(List<DatabaseRun> databases, DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return run(databases, work, true);
    }

    /** The same, but the others go on to their end when one fails: what each of them does is needed for itself. */
    static <T> List<T> toTheEnd(List<DatabaseRun> databases, DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return run(databases, work, false);
    }

    private static <T> List<T> run(List<DatabaseRun> databases, DatabaseRun.Work<T> work, boolean givesUp)
            throws StepFailure, ServerException, InterruptedException {
        if (databases.size() == 1) {
            return List.of(work.on(databases.get(0)));
        }
        BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        List<BoundedCall<T, Exception>> calls = new ArrayList<>();
        for (int index = 0; index < databases.size(); index++) {
            calls.add(begin(databases.get(index), index, work, ended));
        }
        boolean interrupted = false;
        Optional<Ended> failed = Optional.empty();
        for (int left = databases.size(); left > 0; ) {
            try {
                boolean cancels = interrupted || (givesUp && failed.isPresent());
                Ended next = ended.poll(cancels ? CANCEL_AGAIN.toNanos() : Long.MAX_VALUE, TimeUnit.NANOSECONDS);
                if (next != null) {
                    left--;
                    failed = failed.or(() ->
                            Optional.of(next).filter(each -> each.problem().isPresent()));
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (left > 0 && (interrupted || (givesUp && failed.isPresent()))) {
                cancel(databases, calls);
            }
        }
        if (interrupted) {
            throw new InterruptedException();
        }
        if (failed.isPresent()) {
            throw problem(
                    databases.get(failed.get().index()), failed.get().problem().orElseThrow());
        }
        return results(calls);
    }

    private static <T> BoundedCall<T, Exception> begin(
            DatabaseRun database, int index, DatabaseRun.Work<T> work, BlockingQueue<Ended> ended) {
        return BoundedCall.start("cutover-" + database.lead().name(), () -> {
            Optional<Exception> problem = Optional.empty();
            try {
                return work.on(database);
            } catch (StepFailure | ServerException | InterruptedException | RuntimeException e) {
                problem = Optional.of(e);
                throw e;
            } catch (Error e) {
                problem = Optional.of(new IllegalStateException(e));
                throw e;
            } finally {
                ended.add(new Ended(index, problem));
            }
        });
    }

    /** A cancel may come between two statements, so this is repeated. */
    private static <T> void cancel(List<DatabaseRun> databases, List<BoundedCall<T, Exception>> calls) {
        for (int index = 0; index < calls.size(); index++) {
            if (!calls.get(index).hasEnded()) {
                calls.get(index).interrupt();
                databases.get(index).cancel();
            }
        }
    }

    private static <T> List<T> results(List<BoundedCall<T, Exception>> calls) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (BoundedCall<T, Exception> call : calls) {
            try {
                call.awaitEnd(CANCEL_AGAIN);
                results.add(call.result());
            } catch (RuntimeException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e); // it did not fail
            }
        }
        return results;
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
