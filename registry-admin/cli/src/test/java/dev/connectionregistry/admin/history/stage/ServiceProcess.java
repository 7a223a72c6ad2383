package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.admin.history.check.HistoryLine;
import dev.connectionregistry.admin.history.check.Recorder;
import dev.connectionregistry.admin.history.service.HistoryService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One instance of a service, with the faults that can befall it. Thread-safe. The caller owns it and must close it. */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final int REMEMBERED = 30;

    private final String name;
    private final Process process;
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Thread lines;
    private final Thread errors;
    private volatile boolean killed;
    private volatile boolean wasFrozen;

    private ServiceProcess(String name, Process process, Recorder recorder) {
        this.name = name;
        this.process = process;
        this.lines = Programs.read(
                process.getInputStream(), "history of " + name, line -> recorder.accept(name, HistoryLine.parse(line)));
        this.errors = Programs.read(process.getErrorStream(), "errors of " + name, this::remember);
    }

    /** Starts an instance of a service; it begins to write as soon as it has a connection. */
    static ServiceProcess start(
            String service, String instance, int writers, Map<String, String> environment, Recorder recorder) {
        Map<String, String> own = new HashMap<>(environment);
        own.put(HistoryService.SERVICE, service);
        own.put(HistoryService.INSTANCE, instance);
        own.put(HistoryService.WRITERS, Integer.toString(writers));
        Process process = Programs.start(HistoryService.class, own, List.of());
        return new ServiceProcess(service + "/" + instance, process, recorder);
    }

    /** {@code service/instance}. */
    public String name() {
        return name;
    }

    /** Whether it is neither killed nor ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether {@link #kill} was called. */
    public boolean wasKilled() {
        return killed;
    }

    /** Whether {@link #freeze} was called. */
    public boolean wasFrozen() {
        return wasFrozen;
    }

    /** SIGKILL; returns when it is gone and all it told has been heard. */
    public void kill() throws InterruptedException {
        killed = true;
        Programs.kill(process);
        lines.join(STOP_TIMEOUT.toMillis());
    }

    /** SIGSTOP: it does nothing more until {@link #thaw}; its connections stay open. */
    public void freeze() throws InterruptedException {
        wasFrozen = true;
        Programs.signal(process, "STOP");
    }

    /** SIGCONT. */
    public void thaw() throws InterruptedException {
        Programs.signal(process, "CONT");
    }

    /** Lets it begin a transaction with one INSERT that lasts this long. */
    public void straggle(Duration time) {
        tell(HistoryService.STRAGGLE + time.toSeconds());
    }

    /** Asks for an orderly end; {@link #awaitStopped} waits for it. */
    void askToStop() {
        tell(HistoryService.STOP);
    }

    private void tell(String word) {
        try {
            process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException gone) {
            // awaitStopped tells how it ended
        }
    }

    /**
     * Waits until it has ended in an orderly way and all it told has been heard.
     *
     * @throws IllegalStateException if it has not in time, or ended in another way
     */
    void awaitStopped() throws InterruptedException {
        boolean ended = process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        lines.join(STOP_TIMEOUT.toMillis());
        errors.join(STOP_TIMEOUT.toMillis());
        if (!ended || lines.isAlive() || process.exitValue() != 0) {
            throw new IllegalStateException(
                    name + (ended ? " ended with exit code " + process.exitValue() : " had not ended in time")
                            + "; it said: " + String.join("\n", complaints));
        }
    }

    /** Ends it at once. */
    @Override
    public void close() {
        Programs.kill(process);
    }

    @Override
    public String toString() {
        return name + (process.isAlive() ? "" : " (ended)") + (complaints.isEmpty() ? "" : ", said: " + complaints);
    }

    private void remember(String line) {
        complaints.add(line);
        if (complaints.size() > REMEMBERED) {
            complaints.poll();
        }
    }
}
