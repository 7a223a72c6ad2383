package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.server.ReplicationServer.Pressure;
import dev.connectionregistry.admin.replication.setup.StartReplication.PressureLimits;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/** Lets the next table begin only while the source can take the load. For one thread. */
final class PressureGate {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TELL = Duration.ofSeconds(9);

    private final ReplicationContext context;
    private final PressureLimits limits;
    private boolean saidUnseen;

    PressureGate(ReplicationContext context, PressureLimits limits) {
        this.context = context;
        this.limits = limits;
    }

    /** Waits until nothing exceeds its limit, and reports what does. Ends at the latest when the operator stops. */
    void await(String next) throws ServerException {
        long told = Long.MIN_VALUE;
        boolean waited = false;
        Optional<String> trouble = trouble();
        while (trouble.isPresent()) {
            long now = context.timing().nanoTime();
            if (!waited || now - told > TELL.toNanos()) {
                told = now;
                context.observer().warn(next + " waits: " + trouble.get());
            }
            waited = true;
            context.pause(LOOK);
            trouble = trouble();
        }
        if (waited) {
            context.observer().say("below the limits again; continuing with " + next);
        }
    }

    private Optional<String> trouble() throws ServerException {
        Pressure pressure = context.source().ask("look at the load", source -> source.pressure(BOUND));
        sayUnseen(pressure);
        return limits.exceededBy(pressure);
    }

    /** A limit that can't be watched must not look like one that isn't exceeded. */
    private void sayUnseen(Pressure pressure) {
        if (!pressure.unseen().isEmpty() && !saidUnseen) {
            saidUnseen = true;
            context.observer()
                    .warn("the age of other roles' transactions can't be seen on "
                            + context.source().endpoint()
                            + ", so --max-transaction-age doesn't apply to them; to see it: "
                            + pressure.unseen());
        }
    }
}
