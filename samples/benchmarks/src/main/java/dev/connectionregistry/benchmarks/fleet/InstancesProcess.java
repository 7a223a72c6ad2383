package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@link Instances} in a process of their own, which ends when its standard input does: with this process, however that ends. In
 * a session of its own, so that the Ctrl-C of a terminal doesn't reach it before the clean-up does. For one thread, except that any
 * may close it.
 */
final class InstancesProcess implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);
    private static final int TOLD_LINES = 20;
    private static final String ENDED = "(ended)";

    private final String name;
    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(10);
    /** The last lines that say something else, such as why it ends. Guarded by itself. */
    private final Deque<String> told = new ArrayDeque<>();

    private InstancesProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process; the caller must close it.
     *
     * @param database the name in the registry
     * @param first the first instance's number
     * @param count how many instances it has
     * @param rate statements a second, of all of them
     * @param environment how they find the registry, and their password
     * @throws BenchmarkException if it can't be started
     */
    static InstancesProcess start(String database, int first, int count, double rate, Map<String, String> environment) {
        String name = "instances-" + first;
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // connections to the registry are kept open as if each instance had a process of its own
                "-Dhttp.maxConnections=" + count,
                "-cp",
                System.getProperty("java.class.path"),
                Instances.class.getName()));
        command.addAll(List.of(database, String.valueOf(first), String.valueOf(count), String.valueOf(rate)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new InstancesProcess(name, builder.start());
        } catch (IOException e) {
            throw new BenchmarkException("cannot start a process of instances", e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                take(line);
            }
        } catch (IOException | IllegalStateException e) {
            // closed, or far more than is asked for: whoever waits for a line hears that it has ended
        }
        lines.offer(ENDED);
    }

    private void take(String line) {
        if (line.equals(Instances.READY) || line.startsWith("{")) {
            lines.add(line);
            return;
        }
        synchronized (told) {
            told.add(line);
            if (told.size() > TOLD_LINES) {
                told.remove();
            }
        }
    }

    /** Tells it to do something. */
    void tell(String command) {
        commands.println(command);
    }

    /**
     * Waits for its next answer.
     *
     * @throws BenchmarkException if it ends, or the line doesn't come in time
     */
    String await(Duration timeout) {
        String line;
        try {
            line = lines.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted(name, e);
        }
        if (line == null) {
            throw new BenchmarkException(name + " had nothing to say after " + timeout.toSeconds() + " s");
        }
        if (line.equals(ENDED)) {
            synchronized (told) {
                throw new BenchmarkException(name + " has ended:\n" + String.join("\n", told));
            }
        }
        return line;
    }

    /** Ends it, and waits until it is gone, at most ten seconds twice. Idempotent. */
    @Override
    public void close() {
        commands.close();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
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
