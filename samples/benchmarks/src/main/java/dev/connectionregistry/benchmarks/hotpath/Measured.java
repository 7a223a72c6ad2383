package dev.connectionregistry.benchmarks.hotpath;

import java.util.Objects;
import org.openjdk.jmh.results.IterationResult;

/** All of one variant with one number of threads. For one thread. */
record Measured(Series wall, Series cpu, Series bytes) {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static Measured nothing() {
        return new Measured(new Series(), new Series(), new Series());
    }

    void add(IterationResult iteration) {
        wall.add(iteration.getPrimaryResult().getScore());
        cpu.add(secondary(iteration, CpuTime.RESULT));
        bytes.add(secondary(iteration, ALLOCATED));
    }

    void addAll(Measured more) {
        wall.addAll(more.wall);
        cpu.addAll(more.cpu);
        bytes.addAll(more.bytes);
    }

    private static double secondary(IterationResult iteration, String name) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(name), name)
                .getScore();
    }
}
