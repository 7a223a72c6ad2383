package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.SystemTiming;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * On Ctrl-C or a termination signal, ends the waits and gives the command time to finish a write and to say what
 * remains to be done, for as long as {@link SystemTiming#stopPatience} says. Further signals have no effect meanwhile.
 * The exit code is the JVM's own: 130 or 143.
 */
final class StopOnSignal {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final BooleanSupplier waitsForUser;

    private StopOnSignal(BooleanSupplier waitsForUser) {
        this.waitsForUser = waitsForUser;
    }

    /** Does nothing while {@code waitsForUser}: then there is no work to finish. */
    static StopOnSignal install(SystemTiming timing, BooleanSupplier waitsForUser) {
        StopOnSignal signal = new StopOnSignal(waitsForUser);
        Thread hook = new Thread(() -> signal.stop(timing), "stop-on-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        return signal;
    }

    private void stop(SystemTiming timing) {
        if (finished.getCount() == 0 || waitsForUser.getAsBoolean()) {
            return;
        }
        timing.stop();
        try {
            boolean inTime = finished.await(timing.stopPatience().toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                System.err.println(
                        "error: stopped before the command was finished; check the current state with 'status', or with"
                                + " 'cutover status' for a cutover");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command is done; signals have no further effect. */
    void finished() {
        finished.countDown();
    }
}
