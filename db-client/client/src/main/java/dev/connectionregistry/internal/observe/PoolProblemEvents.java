package dev.connectionregistry.internal.observe;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** JFR events of failing pools: {@code dev.connectionregistry.PoolProblem}. Enabled by default when JFR records. */
public final class PoolProblemEvents {
    private PoolProblemEvents() {}

    /** A pool can't open connections. */
    public static void begun(String database, long generation, String cause) {
        emit(database, generation, true, cause, Duration.ZERO);
    }

    /** The pool can open connections again, or was replaced. */
    public static void ended(String database, long generation, String cause, Duration lasted) {
        emit(database, generation, false, cause, lasted);
    }

    /**
     * Doesn't touch the event's class before the recorder exists: that alone would start the recorder, which takes
     * about 400 ms.
     */
    private static void emit(String database, long generation, boolean present, String cause, Duration lasted) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        PoolProblemEvent event = new PoolProblemEvent();
        if (event.isEnabled()) {
            event.database = database;
            event.generation = generation;
            event.present = present;
            event.cause = cause;
            event.lasted = lasted.toMillis();
            event.commit();
        }
    }

    @Name("dev.connectionregistry.PoolProblem")
    @Label("Pool problem")
    @Description("A pool began to fail to open connections, or can open them again")
    @Category({"Connection Registry"})
    @StackTrace(false)
    static final class PoolProblemEvent extends Event {
        @Label("Database")
        String database = "";

        @Label("Generation")
        long generation;

        @Label("Present")
        boolean present;

        @Label("Cause")
        String cause = "";

        @Label("Lasted")
        @Timespan(Timespan.MILLISECONDS)
        long lasted;
    }
}
