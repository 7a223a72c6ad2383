package dev.connectionregistry.benchmarks.hotpath;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures what {@code RegistryDataSource} adds to a checkout. JVMs of both variants take turns, so that what else the
 * machine does meets both alike; the medians of all their iterations are compared. Table on stdout, progress on stderr.
 */
public final class HotPath {
    private static final List<Integer> THREADS = List.of(1, 8);

    /** With -Xbatch callers wait for the compiler: on a busy machine it would still be at work after the warm-up. */
    private static final String[] JVM = {"-Xms256m", "-Xmx256m", "-XX:+UseG1GC", "-Xbatch"};

    private final Plan plan;

    private HotPath(Plan plan) {
        this.plan = plan;
    }

    /** {@code [--quick] [--check LIMIT]}; ends the JVM with 0, with 1 if a limit was given and passed, with 2 for usage. */
    public static void main(String[] arguments) throws RunnerException {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws RunnerException {
        Plan plan;
        try {
            plan = Plan.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        Report report = new Report(new HotPath(plan).measure());
        report.lines().forEach(System.out::println);
        String above = plan.limit().flatMap(report::above).orElse("");
        System.err.print(above.isEmpty() ? "" : above + "\n");
        return above.isEmpty() ? 0 : 1;
    }

    private Map<Integer, Map<Variant, Measured>> measure() throws RunnerException {
        Map<Integer, Map<Variant, Measured>> all = new TreeMap<>();
        for (int threads : THREADS) {
            Map<Variant, Measured> measured = new EnumMap<>(Variant.class);
            all.put(threads, measured);
            for (int pair = 1; pair <= plan.pairs(); pair++) {
                for (Variant variant : inTurn(pair)) {
                    Measured fork = fork(variant, threads);
                    measured.computeIfAbsent(variant, first -> Measured.nothing())
                            .addAll(fork);
                    System.err.printf(
                            Locale.ROOT,
                            "%d thread(s), pair %d of %d, %s: %.1f ns CPU, %.1f ns wall%n",
                            threads,
                            pair,
                            plan.pairs(),
                            variant.title(),
                            fork.cpu().median(),
                            fork.wall().median());
                }
            }
        }
        return all;
    }

    /** a b, b a, a b ...: a machine that becomes busier or quieter favours neither. */
    private static List<Variant> inTurn(int pair) {
        return pair % 2 == 1 ? List.of(Variant.HIKARI, Variant.REGISTRY) : List.of(Variant.REGISTRY, Variant.HIKARI);
    }

    /** One JVM of one variant. */
    private Measured fork(Variant variant, int threads) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(variant.pattern())
                .forks(1)
                .threads(threads)
                .warmupIterations(plan.warmups())
                .warmupTime(plan.warmup())
                .measurementIterations(plan.iterations())
                .measurementTime(plan.iteration())
                .jvmArgs(JVM)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Measured measured = Measured.nothing();
        for (RunResult result : new Runner(options).run()) {
            result.getBenchmarkResults()
                    .forEach(fork -> fork.getIterationResults().forEach(measured::add));
        }
        return measured;
    }
}
