package dev.connectionregistry.benchmarks.cutover.load;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Threads of short writes, spread over data sources, at a steady rate. For one thread, except that any may close it. */
public final class Load implements AutoCloseable {
    /** How many callers there are, unless something else is said. */
    public static final int THREADS = 8;

    /** Longer than any caller waits for a connection. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(40);

    private final List<Writer> writers;

    private Load(List<Writer> writers) {
        this.writers = writers;
    }

    /**
     * Starts to write; the caller must {@link #stop} or {@link #close} it.
     *
     * @param dataSources the callers take turns in choosing theirs, and keep it
     * @param rate statements a second, all threads together, while none has to wait
     */
    public static Load start(List<DataSource> dataSources, double rate) {
        return start(dataSources, THREADS, rate);
    }

    /** The same with another number of threads. */
    public static Load start(List<DataSource> dataSources, int threads, double rate) {
        long pauseNanos = Math.round(TimeUnit.SECONDS.toNanos(1) * threads / rate);
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            writers.add(Writer.start(i, dataSources.get(i % dataSources.size()), pauseNanos));
        }
        return new Load(writers);
    }

    /** From now on latencies count: pools are full and the code is compiled. */
    public void measure() {
        writers.forEach(Writer::measure);
    }

    /**
     * Ends all threads after the statement each is in.
     *
     * @throws BenchmarkException if one is still in its statement after 40 seconds
     */
    public Observed stop() {
        close();
        Latencies latencies = new Latencies();
        List<UUID> acknowledged = new ArrayList<>();
        int failed = 0;
        Optional<String> firstFailure = Optional.empty();
        for (Writer writer : writers) {
            join(writer);
            latencies.addAll(writer.latencies());
            acknowledged.addAll(writer.acknowledged());
            failed += writer.failed();
            firstFailure = firstFailure.or(writer::firstFailure);
        }
        return new Observed(latencies, failed, firstFailure, acknowledged);
    }

    private static void join(Writer writer) {
        try {
            if (!writer.join(END_TIMEOUT.toMillis())) {
                throw new BenchmarkException(
                        "a caller was still in its statement after " + END_TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted("the end of the load", e);
        }
    }

    /** Tells all threads to end, and waits for none. Idempotent. */
    @Override
    public void close() {
        writers.forEach(Writer::stop);
    }
}
