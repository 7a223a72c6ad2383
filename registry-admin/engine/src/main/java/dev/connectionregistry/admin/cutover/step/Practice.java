package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Does beforehand, again and again, what a hold will do while callers wait: the JVM compiles only what has run often. */
final class Practice {
    private static final Duration LONGEST = Duration.ofMillis(800);
    private static final int MOST_ROUNDS = 20;

    private Practice() {}

    /** One round of it; says whether another one may follow. */
    @FunctionalInterface
    interface Round {
        boolean run() throws StepFailure, ServerException, InterruptedException;
    }

    /** Runs at least one round, then as many as time and the rounds themselves allow. */
    static void repeat(Timing timing, Round round) throws StepFailure, ServerException, InterruptedException {
        long start = timing.nanoTime();
        int rounds = 0;
        boolean again;
        do {
            again = round.run();
            rounds++;
        } while (again && rounds < MOST_ROUNDS && timing.nanoTime() - start < LONGEST.toNanos());
    }
}
