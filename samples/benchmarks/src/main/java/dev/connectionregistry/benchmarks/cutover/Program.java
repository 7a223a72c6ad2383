package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalServerException;
import java.sql.SQLException;
import java.util.List;

/** What the benchmarks' programs have in common: exit codes, what is said when one can't go on, and what is left behind: nothing. */
public final class Program {
    /** Exit code: done, or skipped where something isn't installed. */
    public static final int MEASURED = 0;

    /** Exit code: what was to be measured didn't happen. */
    public static final int FAILED = 1;

    private static final int USAGE = 2;

    private Program() {}

    /** All that a program does. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it; returns the exit code.
         *
         * @throws IllegalArgumentException if the command line is wrong
         */
        int run() throws InterruptedException;
    }

    /** Something to measure. */
    @FunctionalInterface
    public interface Measuring {
        /** Returns the lines of the result; what it starts is for {@code cleanup} to end. */
        List<String> measure(Cleanup cleanup, Progress progress) throws SQLException;
    }

    /** Does the work, and ends the JVM with its exit code; {@code name} is the program's, for the way to its help. */
    public static void exit(String name, Work work) throws InterruptedException {
        try {
            System.exit(work.run());
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.err.println("see run " + name + " --help");
            System.exit(USAGE);
        }
    }

    /** Measures, prints the result, and ends whatever was started, also on Ctrl-C; returns the exit code. */
    public static int measure(Measuring measuring) throws InterruptedException {
        Cleanup cleanup = new Cleanup();
        Interruption interruption = Interruption.watch(cleanup);
        try (cleanup) {
            Progress progress = cleanup.add(new Progress(System.err));
            measuring.measure(cleanup, progress).forEach(System.out::println);
            return MEASURED;
        } catch (BenchmarkException | LocalServerException | SQLException e) {
            interruption.awaitEndIfHappened();
            System.err.println("error: " + e.getMessage());
            return FAILED;
        }
    }
}
