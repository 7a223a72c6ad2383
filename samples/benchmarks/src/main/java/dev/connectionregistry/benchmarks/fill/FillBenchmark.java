package dev.connectionregistry.benchmarks.fill;

import dev.connectionregistry.benchmarks.cutover.Median;
import dev.connectionregistry.benchmarks.cutover.Program;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long a pool takes until all of its connections are open, HikariCP alone and a generation of ours, and how soon a hold knows
 * that nothing is in use any more; on a real local server.
 */
public final class FillBenchmark {
    private static final int LOGINS = 30;
    private static final int HOLDS = 300;

    private final Pools pools;
    private final Options options;
    private final Progress progress;
    private final List<String> lines = new ArrayList<>();

    private FillBenchmark(Pools pools, Options options, Progress progress) {
        this.pools = pools;
        this.options = options;
        this.progress = progress;
    }

    /** Exit codes: 0 measured; 1 failed; 2 usage; 130 interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("fill", () -> {
            Options options = Options.parse(arguments);
            return Program.measure((cleanup, progress) -> measure(options, cleanup, progress));
        });
    }

    private static List<String> measure(Options options, Cleanup cleanup, Progress progress) throws SQLException {
        int major =
                options.major().orElseGet(() -> LocalPostgres.availableMajors().last());
        progress.say("starting a server");
        LocalPostgres server = cleanup.add(LocalPostgres.start(major));
        Pools pools = cleanup.add(new Pools(server));
        return new FillBenchmark(pools, options, progress).run(major);
    }

    private List<String> run(int major) throws SQLException {
        lines.add(String.format(
                Locale.ROOT,
                "until all connections are open, Postgres %d, %d rounds, ms, median (minimum to maximum):",
                major,
                options.rounds()));
        String last = "";
        for (int size : options.sizes()) {
            last = compare(size);
        }
        double login = login();
        lines.add(String.format(Locale.ROOT, "  %-42s %8.1f", "one login with its validation", login));
        List<Double> noticed = noticed();
        lines.add(String.format(
                Locale.ROOT,
                "from the last return until a hold knows it, %d holds: %.0f us (90 of 100 within %.0f us)",
                noticed.size(),
                Median.of(noticed),
                percentile(noticed, 90)));
        lines.add(String.format(Locale.ROOT, "%s login_ms=%.1f noticed_us=%.0f", last, login, Median.of(noticed)));
        return lines;
    }

    private double login() throws SQLException {
        List<Double> logins = new ArrayList<>();
        for (int i = 0; i < LOGINS; i++) {
            logins.add(pools.login());
        }
        return Median.of(logins);
    }

    /** In turn: a b, b a, a b, so that what else the machine does meets both alike; the first round warms up. */
    private String compare(int size) throws SQLException {
        List<Double> ours = new ArrayList<>();
        List<Double> hikari = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            double one = round % 2 == 1 ? pools.ours(size) : pools.hikari(size);
            double other = round % 2 == 1 ? pools.hikari(size) : pools.ours(size);
            if (round > 0) {
                ours.add(round % 2 == 1 ? one : other);
                hikari.add(round % 2 == 1 ? other : one);
            }
        }
        progress.say("pools of " + size + " connections were filled");
        lines.add(line(size + " connections, HikariCP alone", hikari));
        lines.add(line(size + " connections, a generation of ours", ours));
        return String.format(
                Locale.ROOT, "fill size=%d ours_ms=%.0f hikari_ms=%.0f", size, Median.of(ours), Median.of(hikari));
    }

    private List<Double> noticed() throws SQLException {
        PoolGeneration generation = pools.generation(10);
        try {
            EndOfUse endOfUse = new EndOfUse(generation);
            List<Double> warmUp = endOfUse.measure(HOLDS / 3);
            progress.say(warmUp.size() + " holds to warm up");
            return endOfUse.measure(HOLDS);
        } finally {
            generation.close();
        }
    }

    private static double percentile(List<Double> values, int percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static String line(String what, List<Double> all) {
        return String.format(
                Locale.ROOT,
                "  %-42s %8.1f (%.1f to %.1f)",
                what,
                Median.of(all),
                Collections.min(all),
                Collections.max(all));
    }
}
