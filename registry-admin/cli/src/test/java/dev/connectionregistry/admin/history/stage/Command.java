package dev.connectionregistry.admin.history.stage;

import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.history.check.AnchoredClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One run of {@code registry-admin} as a process of its own, which can be killed the moment it says something. Thread-safe.
 * The caller owns it and must close it.
 */
public final class Command implements AutoCloseable {
    /** The exit code of a process that was ended by SIGKILL. */
    public static final int KILLED = 128 + 9;

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private final String line;
    private final Process process;
    private final AnchoredClock clock = new AnchoredClock();
    private final long startMicros = clock.micros();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CountDownLatch moment = new CountDownLatch(1);
    private final Predicate<String> isMoment;
    private final boolean mortal;
    private final Thread out;
    private final Thread err;

    private Command(Map<String, String> environment, Predicate<String> isMoment, boolean mortal, List<String> words) {
        this.line = "registry-admin " + String.join(" ", words);
        this.isMoment = isMoment;
        this.mortal = mortal;
        this.process = Programs.start(Main.class, environment, words);
        this.out = Programs.read(process.getInputStream(), "output of " + words.get(0), output::add);
        this.err = Programs.read(process.getErrorStream(), "talk of " + words.get(0), this::hear);
    }

    /** Starts a command. */
    static Command start(Map<String, String> environment, List<String> words) {
        return new Command(environment, text -> false, false, words);
    }

    /** Starts a command of which a line on standard error is waited for with {@link #awaitMoment}. */
    static Command startWatched(Map<String, String> environment, Predicate<String> moment, List<String> words) {
        return new Command(environment, moment, false, words);
    }

    /** Starts a command that is killed as soon as it says a line for which {@code moment} is true. */
    static Command startDoomed(Map<String, String> environment, Predicate<String> moment, List<String> words) {
        return new Command(environment, moment, true, words);
    }

    /**
     * Waits until it has said the line that it was started with.
     *
     * @throws IllegalStateException if it doesn't in time
     */
    public void awaitMoment(Duration timeout) throws InterruptedException {
        if (!moment.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the awaited line was not said within " + timeout + " by " + this);
        }
    }

    /**
     * Waits until it has said such a line, now or before.
     *
     * @throws IllegalStateException if it doesn't in time
     */
    public void awaitSaid(Predicate<String> such, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (said) {
            while (said.stream().noneMatch(such)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new IllegalStateException("the awaited line was not said within " + timeout + " by " + this);
                }
                TimeUnit.NANOSECONDS.timedWait(said, left);
            }
        }
    }

    /** Whether it has said that line. */
    public boolean momentCame() {
        return moment.getCount() == 0;
    }

    /**
     * Waits for its end.
     *
     * @return its exit code; {@link #KILLED} if it was killed
     * @throws IllegalStateException if it doesn't end in time
     */
    public int awaitEnd(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("not ended within " + timeout + ": " + this);
        }
        out.join(DRAIN_TIMEOUT.toMillis());
        err.join(DRAIN_TIMEOUT.toMillis());
        return process.exitValue();
    }

    /** What it said on standard error so far. */
    public List<String> said() {
        return List.copyOf(said);
    }

    /** What it put on standard output so far. */
    public String output() {
        return String.join("\n", output);
    }

    /** When it was started, by an {@link AnchoredClock}. */
    public long startMicros() {
        return startMicros;
    }

    /** SIGKILL; returns when it is gone. */
    @Override
    public void close() {
        Programs.kill(process);
    }

    /** The command with all it said, for messages. */
    @Override
    public String toString() {
        String state = process.isAlive() ? "running" : "ended with " + process.exitValue();
        return "`" + line + "` (" + state + ")\n--- it said\n" + String.join("\n", said) + "\n--- its output\n"
                + output();
    }

    private void hear(String text) {
        if (isMoment.test(text)) {
            if (mortal) {
                process.destroyForcibly();
            }
            moment.countDown();
        }
        synchronized (said) {
            said.add((clock.micros() - startMicros) / 1_000 + " ms: " + text);
            said.notifyAll();
        }
    }
}
