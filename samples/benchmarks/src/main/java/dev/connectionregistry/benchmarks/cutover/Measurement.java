package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.side.Direct;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** All rounds of all contenders, in turn, and the latency in normal running. For one thread. */
final class Measurement {
    private static final int BLOCKS_PER_ROUND = 2;
    private static final String LATENCY_DATABASE = "normal_running";

    private final Servers servers;
    private final Map<Contender, Side> sides;
    private final Options options;
    private final Cleanup cleanup;
    private final Progress progress;

    Measurement(Servers servers, Map<Contender, Side> sides, Options options, Cleanup cleanup, Progress progress) {
        this.servers = servers;
        this.sides = sides;
        this.options = options;
        this.cleanup = cleanup;
        this.progress = progress;
    }

    /** Takes some 25 seconds for each round of both. */
    Report run() {
        Side direct = new Direct();
        Map<String, List<Double>> medians = latencies(direct);
        Map<Contender, List<Round>> rounds = rounds();
        List<Double> directMicros = Objects.requireNonNull(medians.get(direct.title()));
        Map<Contender, Results> results = new EnumMap<>(Contender.class);
        sides.forEach((contender, side) -> results.put(
                contender,
                new Results(
                        Objects.requireNonNull(rounds.get(contender)),
                        differences(Objects.requireNonNull(medians.get(side.title())), directMicros))));
        return new Report(results, Median.of(directMicros));
    }

    private Map<String, List<Double>> latencies(Side direct) {
        List<Side> ways = new ArrayList<>(List.of(direct));
        ways.addAll(sides.values());
        DatabasePair pair = cleanup.add(DatabasePair.create(servers, LATENCY_DATABASE));
        try {
            int blocks = options.rounds() * BLOCKS_PER_ROUND;
            return AddedLatency.measure(ways, pair, options.rate(), blocks, cleanup, progress);
        } finally {
            cleanup.closeNow(pair);
        }
    }

    private static List<Double> differences(List<Double> values, List<Double> less) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i) - less.get(i))
                .toList();
    }

    /** Who begins changes from round to round. */
    private Map<Contender, List<Round>> rounds() {
        Map<Contender, List<Round>> rounds = new EnumMap<>(Contender.class);
        List<Contender> order = new ArrayList<>(sides.keySet());
        for (int i = 1; i <= options.rounds(); i++) {
            for (Contender contender : order) {
                rounds.computeIfAbsent(contender, each -> new ArrayList<>()).add(round(contender, i));
            }
            Collections.reverse(order);
        }
        return rounds;
    }

    private Round round(Contender contender, int number) {
        String name = "round_" + number + "_" + contender.word();
        progress.say("round " + number + " of " + options.rounds() + ", " + contender.title() + ": begins");
        Side side = Objects.requireNonNull(sides.get(contender));
        Round round = Round.run(side, servers, name, options.rate(), cleanup);
        progress.say(round.summary());
        return round;
    }
}
