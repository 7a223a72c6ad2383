package dev.connectionregistry.admin.history.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Java programs of this class path as processes of their own, and signals to them. */
final class Programs {
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(10);

    /** Small and quick to start: several of them share the machine with the servers. What they write is read: the JVM is silent. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx128m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");

    private static final ClassArchive CLASSES = ClassArchive.ofOwnClassPath();

    private Programs() {}

    /** Starts one. */
    static Process start(Class<?> main, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        try {
            ClassArchive.Start start = CLASSES.start(main);
            command.addAll(start.options());
            command.add(main.getName());
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            var unused = process.onExit().thenRun(start::ended);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + main.getName(), e);
        }
    }

    /** A thread that hands on each line until the stream ends. */
    static Thread read(InputStream stream, String threadName, Consumer<String> sink) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            sink.accept(line);
                        }
                    } catch (IOException closed) {
                        // the process was ended
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Sends a signal, such as {@code STOP}, to one process.
     *
     * @throws IllegalStateException if it can't be sent
     */
    static void signal(Process process, String name) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send SIG" + name + " to process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill", e);
        }
    }

    /**
     * SIGKILL; returns when the process is gone, at most 10 s later, or when the thread is interrupted.
     *
     * @throws IllegalStateException if it isn't gone by then
     */
    static void kill(Process process) {
        process.destroyForcibly();
        try {
            if (!process.waitFor(SIGNAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
