package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.show.Excerpt;
import dev.connectionregistry.samples.fleet.stage.OperatorShell.Command;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * The time in which the fleet works: phases, pauses and the operator's commands, with the live view beside them. For one
 * thread.
 */
final class Load implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration LEAST_BEFORE = Duration.ofSeconds(3);
    private static final Duration LEAST_AFTER = Duration.ofSeconds(2);

    private final Demo demo;
    private final Duration measured;
    private final LiveView view;
    private final long measuredFrom;
    private long failedCommands;

    private Load(Demo demo, Duration measured, LiveView view) throws InterruptedException {
        this.demo = demo;
        this.measured = measured;
        this.view = view;
        pause(WARM_UP);
        this.measuredFrom = demo.clock().micros();
    }

    /** Shows the load and lets the young processes warm up. */
    static Load warmUp(Demo demo, Duration measured) throws InterruptedException {
        demo.heading("Load");
        LiveView view = LiveView.start(demo);
        view.phase("warm-up");
        try {
            return new Load(demo, measured, view);
        } catch (InterruptedException | RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** When the warm-up was over. */
    long measuredFrom() {
        return measuredFrom;
    }

    /** How many commands ended with another exit code than 0. */
    long failedCommands() {
        return failedCommands;
    }

    /** A heading of the live view from now on. */
    void phase(String text) {
        view.phase(text);
    }

    /** Lets the fleet work before anything happens to it. */
    void before(String phase) throws InterruptedException {
        phase(phase);
        pause(longer(measured.dividedBy(4), LEAST_BEFORE));
    }

    /** Lets the fleet work until the measured time is over, and ends it in an orderly way. */
    void after() throws InterruptedException {
        long end = measuredFrom + measured.toNanos() / 1_000;
        pause(longer(Duration.ofNanos((end - demo.clock().micros()) * 1_000), LEAST_AFTER));
        phase("ending the load");
        demo.fleet().stop();
    }

    /** Runs a command of the operator's. */
    Command command(String... arguments) throws InterruptedException {
        return command(Excerpt.all(), arguments);
    }

    /** The same, of whose output only some lines are shown. */
    Command command(Predicate<String> wanted, String... arguments) throws InterruptedException {
        Command command = demo.shell().run(wanted, arguments);
        failedCommands += command.exitCode() == 0 ? 0 : 1;
        return command;
    }

    /** Lets the fleet work. */
    void pause(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            demo.fleet().checkAlive();
            Thread.sleep(Math.min(100, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Takes the live view away; the fleet is left as it is. */
    @Override
    public void close() {
        view.close();
    }
}
