package dev.connectionregistry.benchmarks.saturation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Measures what it costs when many more callers want a connection than there are: CPU time while they wait, and how many are
 * served while the pool is swapped every second. HikariCP and {@code RegistryDataSource} take turns in one JVM; medians are
 * compared. Tables on stdout, progress on stderr.
 */
public final class Saturation {
    private static final Duration KEEP = Duration.ofMillis(10);
    private static final Duration KEEP_SWAPPED = Duration.ofMillis(5);
    private static final Duration SWAP = Duration.ofSeconds(1);
    private static final int MANY = 10_000;

    private final Options options;

    private Saturation(Options options) {
        this.options = options;
    }

    /** {@code [--quick] [--threads N]}; ends the JVM with 0, with 2 for usage. */
    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        new Saturation(options).run();
        System.exit(0);
    }

    /** What was seen of both sides. */
    private record Pair(List<Crowd.Seen> ours, List<Crowd.Seen> hikari) {
        private static double median(List<Crowd.Seen> all, ToDoubleFunction<Crowd.Seen> what) {
            double[] sorted = all.stream().mapToDouble(what).sorted().toArray();
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }

        private static long failed(List<Crowd.Seen> all) {
            return all.stream().mapToLong(Crowd.Seen::failed).sum();
        }

        private void print(String title) {
            System.out.printf("%n%s%n%-24s %12s %12s %8s%n", title, "", "CPU ms/s", "served/s", "failed");
            print("HikariCP alone", hikari);
            print("RegistryDataSource", ours);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %12.2f %12.2f%n",
                    "ratio",
                    median(ours, Crowd.Seen::cpuMillis) / median(hikari, Crowd.Seen::cpuMillis),
                    median(ours, Crowd.Seen::served) / median(hikari, Crowd.Seen::served));
        }

        private static void print(String who, List<Crowd.Seen> seen) {
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %12.1f %12.0f %8d%n",
                    who,
                    median(seen, Crowd.Seen::cpuMillis),
                    median(seen, Crowd.Seen::served),
                    failed(seen));
        }
    }

    private void run() throws Exception {
        ThreadFactory many = Crowd.virtual().orElseGet(Crowd::platform);
        String kind = Crowd.virtual().isPresent() ? "virtual threads" : "threads";
        Pair platform = measure("threads", Crowd.platform(), options.threads(), KEEP, false);
        platform.print(options.threads() + " threads, 10 connections, each kept for 10 ms");
        if (Crowd.virtual().isPresent()) {
            measure(kind, many, MANY, KEEP, false).print(MANY + " " + kind + ", 10 connections, each kept for 10 ms");
        }
        Pair swapped = measure(kind, many, MANY, KEEP_SWAPPED, true);
        swapped.print(
                MANY + " " + kind + ", 10 connections, each kept for 5 ms; RegistryDataSource swaps every second");
        System.out.printf(
                Locale.ROOT,
                "%nswapped threads=%d ours_per_s=%.0f hikari_per_s=%.0f%n",
                MANY,
                Pair.median(swapped.ours(), Crowd.Seen::served),
                Pair.median(swapped.hikari(), Crowd.Seen::served));
        System.out.printf(
                Locale.ROOT,
                "saturation threads=%d ours_cpu=%.1f hikari_cpu=%.1f%n",
                options.threads(),
                Pair.median(platform.ours(), Crowd.Seen::cpuMillis),
                Pair.median(platform.hikari(), Crowd.Seen::cpuMillis));
    }

    private Pair measure(String kind, ThreadFactory factory, int count, Duration keep, boolean swaps) throws Exception {
        Pair pair = new Pair(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round <= options.rounds(); round++) {
            // a b, b a, a b ...: a machine that becomes busier or quieter favours neither
            for (boolean ours : round % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
                AtomicInteger swapped = new AtomicInteger();
                Crowd.Seen seen;
                try (Side side = !ours ? Side.hikari() : swaps ? Side.swapping(SWAP, swapped) : Side.ours()) {
                    seen = round(factory, count, keep, side);
                }
                System.err.printf(
                        Locale.ROOT,
                        "%d %s, round %d of %d, %s: %.1f ms CPU and %.0f served a second, %d failed, %d swaps%n",
                        count,
                        kind,
                        round,
                        options.rounds(),
                        ours ? "RegistryDataSource" : "HikariCP alone",
                        seen.cpuMillis(),
                        seen.served(),
                        seen.failed(),
                        swapped.get());
                if (round > 0) { // the first warms up
                    (ours ? pair.ours() : pair.hikari()).add(seen);
                }
            }
        }
        return pair;
    }

    private Crowd.Seen round(ThreadFactory factory, int count, Duration keep, Side side) throws InterruptedException {
        Crowd crowd = Crowd.start(factory, count, side.dataSource(), keep);
        try {
            crowd.watch(options.settle());
            return crowd.watch(options.window());
        } finally {
            crowd.stop();
        }
    }
}
