package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.registry.CutoverEnd;
import dev.connectionregistry.benchmarks.cutover.side.registry.RegisteredName;
import dev.connectionregistry.benchmarks.cutover.side.registry.RegistrySide;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The cutover of one fleet under load, on databases of its own.
 *
 * @param instances how many there are
 * @param end how the cutover ended
 * @param seen what instances and callers saw
 * @param rows what became of the acknowledged rows, on the server that the registry names
 * @param floor what the machine needs at least
 * @param readsPerSecond the instances' reads of the registry, in the busiest second of the cutover
 * @param writesPerSecond the same of reports
 */
record Trial(
        int instances, CutoverEnd end, Seen seen, Rows rows, Floor floor, int readsPerSecond, int writesPerSecond) {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration BEFORE = Duration.ofSeconds(1);
    private static final Duration AFTER = Duration.ofSeconds(2);

    /** An instance begins within a fraction of a second; on a machine that does much else it takes longer. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration START_TIMEOUT_EACH = Duration.ofSeconds(1);

    /** Longer than the callers may take to come to an end. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /**
     * What all trials have in common.
     *
     * @param servers with room for all connections
     * @param side the registry, and the command
     */
    record Stage(Servers servers, RegistrySide side, Options options, Cleanup cleanup, Progress progress) {}

    /**
     * Makes the databases, starts the instances, lets them work, moves them, looks up every row.
     *
     * @throws BenchmarkException if something around the cutover fails; a cutover that is undone is no such failure
     */
    static Trial run(Stage stage, int instances) {
        String name = "fleet_" + instances;
        stage.progress().say(instances + " instances: making the databases");
        DatabasePair pair = stage.cleanup().add(DatabasePair.create(stage.servers(), name));
        List<InstancesProcess> processes = new ArrayList<>();
        try {
            stage.side().add(RegisteredName.of(pair), stage.options().poolSize());
            stage.progress().say(instances + " instances: measuring the floor");
            Floor floor = Floor.measure(
                    pair, stage.side().registry(), instances * stage.options().poolSize(), instances, stage.cleanup());
            stage.progress().say(instances + " instances: starting");
            start(stage, pair, instances, processes);
            Trial trial = underLoad(stage, pair, instances, processes, floor);
            stage.progress().say(trial.summary());
            return trial;
        } finally {
            processes.forEach(stage.cleanup()::closeNow);
            stage.cleanup().closeNow(pair);
        }
    }

    private static void start(Stage stage, DatabasePair pair, int instances, List<InstancesProcess> processes) {
        int count = Math.min(instances, stage.options().processes());
        for (int i = 0; i < count; i++) {
            int first = instances * i / count;
            int mine = instances * (i + 1) / count - first;
            double rate = (double) stage.options().rate() * mine / instances;
            processes.add(stage.cleanup()
                    .add(InstancesProcess.start(
                            pair.name(), first + 1, mine, rate, stage.side().environment())));
        }
        Duration timeout = START_TIMEOUT.plus(START_TIMEOUT_EACH.multipliedBy(instances));
        for (InstancesProcess process : processes) {
            String line = process.await(timeout);
            if (!line.equals(Instances.READY)) {
                throw new BenchmarkException(process + " said '" + line + "' instead of '" + Instances.READY + "'");
            }
        }
    }

    private static Trial underLoad(
            Stage stage, DatabasePair pair, int instances, List<InstancesProcess> processes, Floor floor) {
        processes.forEach(process -> process.tell(Instances.LOAD));
        Deadline.pause(WARM_UP, "the load");
        processes.forEach(process -> process.tell(Instances.MEASURE));
        Deadline.pause(BEFORE, "the load");
        stage.progress().say(instances + " instances: cutover");
        Instant began = Instant.now();
        CutoverEnd end = stage.side().cutOver(List.of(RegisteredName.of(pair)), List.of());
        Instant ended = Instant.now();
        Deadline.pause(AFTER, "the load");
        processes.forEach(process -> process.tell(Instances.STOP));
        Seen seen = Seen.merge(processes.stream()
                .map(process -> Seen.parse(process.await(STOP_TIMEOUT)))
                .toList());
        return new Trial(
                instances,
                end,
                seen,
                lookUp(pair, end, seen),
                floor,
                Seen.busiest(seen.reads(), began, ended),
                Seen.busiest(seen.writes(), began, ended));
    }

    private static Rows lookUp(DatabasePair pair, CutoverEnd end, Seen seen) {
        try (Connection survivor = end.isSwitched() ? pair.operatorOnTarget() : pair.operatorOnSource()) {
            return Rows.lookUp(survivor, seen.acknowledged());
        } catch (SQLException e) {
            throw new BenchmarkException("the rows cannot be looked up", e);
        }
    }

    /** What became of it, in one line. */
    private String summary() {
        String outcome = end.isComplete()
                ? String.format(Locale.ROOT, "hold %.0f ms", end.times().holdMillis())
                : "NOT MOVED as it should be, " + end.why();
        return String.format(
                Locale.ROOT,
                "%d instances: %s; longest statement %.0f ms, floor %.0f ms, %d failed%s, %d of %d acknowledged rows lost",
                instances,
                outcome,
                seen.longestMillis(),
                floor.millis(),
                seen.failed(),
                seen.firstFailure().isEmpty() ? "" : " (" + seen.firstFailure() + ")",
                rows.lost(),
                seen.acknowledged().size());
    }
}
