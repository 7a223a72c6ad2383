package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.UUID;

/** Work made up for tests. */
public final class Samples {
    /** The source. */
    public static final int SOURCE = 5432;
    /** The target. */
    public static final int TARGET = 5433;

    private Samples() {}

    /** Acknowledged work. */
    public static Done done(Work work, long startMicros, long micros, int port) {
        return new Done(work, startMicros, micros, port, UUID.randomUUID(), "");
    }

    /** Failed work. */
    public static Done failed(Work work, long startMicros, long micros) {
        return new Done(work, startMicros, micros, 0, UUID.randomUUID(), "08006: gone");
    }

    /** What was found after a cutover. */
    public static CutoverFacts cutover(
            long holdMillis, long switchMicros, CutoverFacts.Commits commits, String refusal, long allowedMicros) {
        return new CutoverFacts(holdMillis, switchMicros, commits, refusal, allowedMicros);
    }
}
