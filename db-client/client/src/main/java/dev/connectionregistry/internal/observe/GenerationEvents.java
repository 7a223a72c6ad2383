package dev.connectionregistry.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * JFR events of generations: {@code dev.connectionregistry.GenerationTransition}. Enabled by default when JFR records.
 */
public final class GenerationEvents {
    private GenerationEvents() {}

    /**
     * Records one transition; costs almost nothing if nothing records. Doesn't touch the event's class before the
     * recorder exists: that alone would start the recorder, which takes about 400 ms.
     */
    public static void emit(String database, long generation, String from, String to, long version, String cause) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        GenerationTransition event = new GenerationTransition();
        if (event.isEnabled()) {
            event.database = database;
            event.generation = generation;
            event.from = from;
            event.to = to;
            event.version = version;
            event.cause = cause;
            event.commit();
        }
    }

    @Name("dev.connectionregistry.GenerationTransition")
    @Label("Pool generation transition")
    @Description("A pool was opened, published, drained or closed")
    @Category({"Connection Registry"})
    @StackTrace(false)
    static final class GenerationTransition extends Event {
        @Label("Database")
        String database = "";

        @Label("Generation")
        long generation;

        @Label("From")
        String from = "";

        @Label("To")
        String to = "";

        @Label("Version")
        long version;

        @Label("Cause")
        String cause = "";
    }
}
