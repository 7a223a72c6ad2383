package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.instance.InstanceMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** One instance as a process of its own, with a thread that reads what it tells. Thread-safe. */
public final class FleetProcess implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

    /** Small and quick to start: a fleet has to fit on a laptop. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx64m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info");

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread reader;

    private FleetProcess(String name, Process process, Path log, BiConsumer<String, InstanceEvent> events) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.reader = new Thread(() -> read(events), "events of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts an instance.
     *
     * @param program its main class, which tells events and takes orders as {@link InstanceMain}
     * @param service which program it plays
     * @param instance its name within the service
     * @param environment what it needs, beside its names
     * @param folder for its log
     * @param events told of each event, with the instance's whole name, from one thread
     */
    static FleetProcess start(
            Class<?> program,
            String service,
            String instance,
            Map<String, String> environment,
            Path folder,
            BiConsumer<String, InstanceEvent> events) {
        String name = service + "/" + instance;
        Path log = folder.resolve(service + "-" + instance + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("REGISTRY_SERVICE", service);
        builder.environment().put("REGISTRY_INSTANCE", instance);
        try {
            return new FleetProcess(name, builder.start(), log, events);
        } catch (IOException e) {
            throw new DemoException("cannot start " + name, e);
        }
    }

    /** {@code service/instance}. */
    public String name() {
        return name;
    }

    /** Whether the process has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The last lines that it logged, for a message. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Asks for an orderly end; {@link #awaitEnd} waits for it. */
    void askToStop() {
        try {
            process.getOutputStream().write((InstanceMain.STOP + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException gone) {
            // it has ended already; awaitEnd tells how
        }
    }

    /**
     * Waits until the process has ended in an orderly way and all it told has been heard.
     *
     * @throws DemoException if it has not within the time, or ended in another way: what it knew may be incomplete
     */
    void awaitEnd(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new DemoException(name + " had not ended " + timeout.toSeconds() + " s after it was told to stop");
        }
        reader.join(timeout.toMillis());
        if (process.exitValue() != 0 || reader.isAlive()) {
            throw new DemoException(
                    name + " ended with exit code " + process.exitValue() + "; its log ends:\n" + logTail());
        }
    }

    /** Ends the process at once. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit()
                .completeOnTimeout(process, END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public String toString() {
        return name;
    }

    private void read(BiConsumer<String, InstanceEvent> events) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.accept(name, InstanceEvent.parse(line));
            }
        } catch (IOException closed) {
            // the process was ended by close()
        }
    }
}
