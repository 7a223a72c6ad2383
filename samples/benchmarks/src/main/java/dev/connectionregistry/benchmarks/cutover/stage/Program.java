package dev.connectionregistry.benchmarks.cutover.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program in a process of its own that can't outlive this one: a shell beside it waits for the end of a pipe from here,
 * and then kills the program and deletes its folder. In a session of its own, so that the Ctrl-C of a terminal doesn't reach
 * it before the clean-up does. Thread-safe.
 */
public final class Program implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    /** {@code $0}: the folder; the rest: the command. 137 is the exit code of a program that was killed. */
    private static final String LIFELINE = "exec 3<&0; \"$@\" </dev/null 3<&- & program=$!;"
            + " (read -r line <&3; kill -KILL $program) >/dev/null 2>&1 & watcher=$!;"
            + " wait $program; result=$?; kill $watcher 2>/dev/null;"
            + " [ $result -ne 137 ] || rm -rf \"$0\"; exit $result";

    private final String name;
    private final Process shell;

    private Program(String name, Process shell) {
        this.name = name;
        this.shell = shell;
    }

    /**
     * Starts a program; the caller must close it.
     *
     * @param name for messages
     * @param command without secrets: every user of this machine can read it
     * @param environment added to this process's own
     * @param folder where its output goes, to {@code NAME.out} and {@code NAME.err}; deleted if this process is killed
     * @throws BenchmarkException if it can't be started
     */
    public static Program start(
            String name, List<String> command, Map<String, String> environment, PrivateFolder folder) {
        Path path = folder.path();
        List<String> whole = new ArrayList<>(List.of("setsid", "sh", "-c", LIFELINE, path.toString()));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectOutput(path.resolve(name + ".out").toFile())
                .redirectError(path.resolve(name + ".err").toFile());
        builder.environment().putAll(environment);
        try {
            return new Program(name, builder.start());
        } catch (IOException e) {
            throw new BenchmarkException("cannot run " + name, e);
        }
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return shell.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @return its exit code
     * @throws BenchmarkException if it hasn't ended in time; it is killed then
     */
    public int await(Duration timeout) {
        try {
            if (shell.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return shell.exitValue();
            }
        } catch (InterruptedException e) {
            close();
            throw BenchmarkException.interrupted("the end of " + name, e);
        }
        close();
        throw new BenchmarkException(name + " had not ended after " + timeout.toSeconds() + " s");
    }

    /** Kills it if it still runs and waits, at most ten seconds, until it is gone. Idempotent. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException gone) {
            // then there is nobody left to tell
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!shell.waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
