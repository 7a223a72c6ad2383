package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.Median;
import dev.connectionregistry.benchmarks.cutover.Program;
import dev.connectionregistry.benchmarks.cutover.side.registry.AdminProgram;
import dev.connectionregistry.benchmarks.cutover.stage.PrivateFolder;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures what {@code replication start} adds to the copy that Postgres makes. System property from the launcher script:
 * {@code benchmarks.home}, the project's root folder.
 */
public final class ReplicationBenchmark {
    private final BenchmarkTables ground;
    private final Progress progress;

    private ReplicationBenchmark(BenchmarkTables ground, Progress progress) {
        this.ground = ground;
        this.progress = progress;
    }

    /** Exit codes: 0 measured; 1 failed; 2 usage; 130 interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("replication", () -> {
            Options options = Options.parse(arguments);
            return Program.measure((cleanup, progress) -> measure(options, cleanup, progress));
        });
    }

    private static List<String> measure(Options options, Cleanup cleanup, Progress progress) throws SQLException {
        AdminProgram admin = AdminProgram.find(Path.of(System.getProperty("benchmarks.home", "")), cleanup);
        progress.say("starting servers");
        Servers servers = Servers.start(options.sourceMajor(), options.targetMajor(), cleanup, progress);
        LocalDynamoDb dynamo = cleanup.add(LocalDynamoDb.start());
        PrivateFolder folder = cleanup.add(PrivateFolder.create("benchmark-plan-", Optional.empty()));
        progress.say("filling a table with about " + options.megabytes() + " MB");
        BenchmarkTables ground = BenchmarkTables.create(servers, options.megabytes());
        ReplicationBenchmark benchmark = new ReplicationBenchmark(ground, progress);
        return benchmark.compare(WithStart.open(dynamo, servers, admin, folder), new ByHand(servers), options.rounds());
    }

    /** In turn: a b, b a, a b, so that what else the machine does meets both alike. */
    private List<String> compare(Way ours, Way byHand, int rounds) throws SQLException {
        List<Double> oursMillis = new ArrayList<>();
        List<Double> byHandMillis = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            if (round % 2 == 1) {
                oursMillis.add(once(ours, round));
                byHandMillis.add(once(byHand, round));
            } else {
                byHandMillis.add(once(byHand, round));
                oursMillis.add(once(ours, round));
            }
        }
        return report(oursMillis, byHandMillis);
    }

    private double once(Way way, int round) throws SQLException {
        ground.reset();
        way.prepare();
        long start = System.nanoTime();
        way.copy();
        double millis = (System.nanoTime() - start) / 1e6;
        ground.requireCopied();
        way.end();
        progress.say(String.format(Locale.ROOT, "round %d, %s: %.0f ms", round, way.title(), millis));
        return millis;
    }

    private List<String> report(List<Double> ours, List<Double> byHand) throws SQLException {
        double one = Median.of(ours);
        double other = Median.of(byHand);
        return List.of(
                String.format(
                        Locale.ROOT,
                        "a table of %d MB with its index, from %d to %d, %d rounds, medians, until it follows:",
                        ground.bytes() >> 20,
                        ground.servers().old().major(),
                        ground.servers().next().major(),
                        ours.size()),
                line("replication start, with the start of its process", one, ours),
                line("the same statements by hand", other, byHand),
                String.format(
                        Locale.ROOT,
                        "replication ours_ms=%.0f by_hand_ms=%.0f overhead_percent=%.1f",
                        one,
                        other,
                        100 * (one / other - 1)));
    }

    private static String line(String what, double median, List<Double> all) {
        return String.format(
                Locale.ROOT,
                "  %-50s %8.0f ms (%.0f to %.0f)",
                what,
                median,
                all.stream().mapToDouble(each -> each).min().orElse(0),
                all.stream().mapToDouble(each -> each).max().orElse(0));
    }
}
