package dev.connectionregistry.benchmarks.onramps;

import com.sun.management.ThreadMXBean;
import dev.connectionregistry.benchmarks.cutover.Median;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One way to a connection, with what each round has measured of it. For one thread. */
final class Side {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final Source source;
    private final List<Double> nanos = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    /** Where connections come from. */
    @FunctionalInterface
    interface Source {
        Connection connection() throws SQLException;
    }

    Side(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    String name() {
        return name;
    }

    /** Takes and closes so many connections, one after the other. */
    void warmUp(int operations) throws SQLException {
        for (int i = 0; i < operations; i++) {
            source.connection().close();
        }
    }

    /** The same, measured: the CPU time and the allocated bytes of this thread, for each operation. */
    void measure(int operations) throws SQLException {
        long thread = Thread.currentThread().getId();
        long allocated = THREADS.getThreadAllocatedBytes(thread);
        long time = THREADS.getCurrentThreadCpuTime();
        warmUp(operations);
        nanos.add((double) (THREADS.getCurrentThreadCpuTime() - time) / operations);
        bytes.add((double) (THREADS.getThreadAllocatedBytes(thread) - allocated) / operations);
    }

    double medianNanos() {
        return Median.of(nanos);
    }

    double medianBytes() {
        return Median.of(bytes);
    }

    /** The median of what each round says, which a machine that becomes slower or faster meanwhile affects little. */
    double ratioTo(Side base) {
        return Median.of(IntStream.range(0, nanos.size())
                .mapToObj(round -> nanos.get(round) / base.nanos.get(round))
                .toList());
    }
}
