package dev.connectionregistry.samples.fleet.instance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged application of {@code samples/spring-orders} as a process of its own. What it logs goes to this process's standard
 * error. Thread-safe; must be closed.
 */
final class ApplicationProcess implements AutoCloseable {
    private static final Pattern SERVES = Pattern.compile("Tomcat started on port (\\d+)");
    private static final long START_SECONDS = 60;
    private static final long END_SECONDS = 20;

    /** The exit code of a JVM that was asked to end with SIGTERM and did so. */
    private static final int ENDED = 128 + 15;

    /** Exit code of an instance whose application has ended by itself. */
    private static final int LOST = 4;

    /** Small and quick to start: a fleet has to fit on a laptop. */
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto");

    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;
    private volatile boolean stopping;

    private ApplicationProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "log of the application");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it on a free port; {@link #port} waits until it serves.
     *
     * @param jar the application, beside its {@code lib}
     * @param instance its name within the service
     */
    static ApplicationProcess start(Path jar, String instance) throws IOException {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(JVM_OPTIONS);
        program.addAll(List.of(
                "-jar",
                jar.toString(),
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--connection-registry.instance=" + instance,
                "--connection-registry.start-timeout=" + START_SECONDS + "s"));
        return new ApplicationProcess(new ProcessBuilder(Lifeline.command(program))
                .redirectErrorStream(true)
                .start());
    }

    /** Where it serves, as soon as it does. */
    int port() throws InterruptedException {
        try {
            return port.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("the application did not start", e);
        }
    }

    /** Ends it in an orderly way, as an orchestrator does. */
    void stop() throws InterruptedException {
        stopping = true;
        process.children().forEach(ProcessHandle::destroy);
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the application had not ended " + END_SECONDS + " s after SIGTERM");
        }
        reader.join();
        if (process.exitValue() != ENDED) {
            throw new IllegalStateException("the application ended with exit code " + process.exitValue());
        }
    }

    /** Ends it at once if it has not ended. */
    @Override
    public void close() {
        stopping = true;
        process.children().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.err.println(line);
                Matcher serves = SERVES.matcher(line);
                if (serves.find()) {
                    port.complete(Integer.parseInt(serves.group(1)));
                }
            }
        } catch (IOException closed) {
            // the process was ended by close()
        }
        if (!stopping) {
            System.err.println("the application has ended by itself");
            Runtime.getRuntime().halt(LOST);
        }
    }
}
