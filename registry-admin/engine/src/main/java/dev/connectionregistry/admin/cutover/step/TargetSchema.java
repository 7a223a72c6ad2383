package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/** The look at the target that needs nothing from the source. */
final class TargetSchema {
    /** How much earlier the look gives up than its caller: its error names the holders of the locks that it waits for. */
    private static final Duration SPARE = Duration.ofMillis(300);

    static final QuestionName<Lines> LINES = new QuestionName<>("cutover-target-schema", Lines.class);

    private TargetSchema() {}

    /** The target's schema, as {@link TargetServer#schemaLines} gives it. */
    record Lines(List<String> all) {}

    /**
     * Begins the look just before HOLD is written, if that can be done now, without a login: no caller waits yet, and
     * the target's session isn't needed before its rows are counted. In a run that is taken over during its hold,
     * callers wait already.
     */
    static void beginEarly(DatabaseRun run) throws ServerException {
        if (isFinalBeforeBarrier(run) && run.servers().hasTarget()) {
            ask(run, run.options().times().holdBudget());
        }
    }

    /** Begins the look in the hold, while the instances become HELD, unless it was begun before. */
    static void begin(DatabaseRun run, Duration bound) throws ServerException {
        if (isFinalBeforeBarrier(run) && !run.servers().isAsked(LINES)) {
            ask(run, bound);
        }
    }

    private static void ask(DatabaseRun run, Duration bound) throws ServerException {
        boolean spare = bound.compareTo(SPARE.multipliedBy(2)) > 0;
        run.servers().ask(LINES, Lane.MAIN, TargetSchema::of, spare ? bound.minus(SPARE) : bound);
    }

    /**
     * Whether the target's schema is what it will be after the barrier: the server's own replication brings rows only,
     * while another replicator may bring statements that change the schema as well.
     */
    private static boolean isFinalBeforeBarrier(DatabaseRun run) {
        return run.options().barrier().isReplication();
    }

    /**
     * The schema.
     *
     * @throws ServerException {@code NOT_SO} if the server doesn't accept writes
     */
    static Lines of(TargetServer target, Duration bound) throws ServerException {
        target.requireWritable(bound);
        return new Lines(target.schemaLines(bound));
    }
}
