package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a careful operator would script: pause, fence the source's database, wait until the target has everything, copy the
 * sequences, point pgbouncer to the target, resume. All connections are open before. Any failure ends it where it is: it
 * is a measurement, and the next round has databases of its own.
 */
final class CarefulScript {
    private static final Duration WAIT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String END_OTHERS = """
            SELECT count(pg_terminate_backend(pid))
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """;
    private static final String CONFIRMED = """
            SELECT count(*)
            FROM pg_replication_slots
            WHERE slot_name = ? AND confirmed_flush_lsn >= ?::pg_lsn
            """;
    private static final String SEQUENCES = """
            SELECT format('SELECT setval(%L, %s)', format('%I.%I', schemaname, sequencename), last_value)
            FROM pg_sequences
            WHERE last_value IS NOT NULL
            """;

    private final Pgbouncer pgbouncer;
    private final DatabasePair pair;
    private final Console console;
    private final Connection old;
    private final Connection next;
    private final List<Step> steps = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    private CarefulScript(Pgbouncer pgbouncer, DatabasePair pair, Console console, Connection old, Connection next) {
        this.pgbouncer = pgbouncer;
        this.pair = pair;
        this.console = console;
        this.old = old;
        this.next = next;
    }

    /**
     * Runs it from the first step to the last.
     *
     * @throws SQLException if a server refuses a step
     * @throws IOException if pgbouncer does
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if a step takes more than 30 seconds
     */
    static CutoverTimes run(Pgbouncer pgbouncer, DatabasePair pair) throws SQLException, IOException {
        try (Console console = pgbouncer.console();
                Connection old = pair.operatorOnSource();
                Connection next = pair.operatorOnTarget()) {
            return new CarefulScript(pgbouncer, pair, console, old, next).all();
        }
    }

    private CutoverTimes all() throws SQLException, IOException {
        step("pause", () -> console.execute("PAUSE " + pair.name()));
        step("fence", this::fence);
        step("catch-up", this::awaitCaughtUp);
        step("sequences", this::copySequences);
        step("reload", this::reload);
        step("resume", () -> console.execute("RESUME " + pair.name()));
        return new CutoverTimes(millisSince(startNanos), List.copyOf(steps));
    }

    private void fence() throws SQLException {
        Sql.execute(old, "ALTER DATABASE " + pair.name() + " SET default_transaction_read_only = on");
        Deadline.in(WAIT_TIMEOUT, "the end of all other sessions on the source")
                .await(POLL, () -> Sql.number(old, END_OTHERS) == 0);
    }

    private void awaitCaughtUp() throws SQLException {
        String position = Sql.text(old, "SELECT pg_current_wal_lsn()");
        try (PreparedStatement confirmed = old.prepareStatement(CONFIRMED)) {
            confirmed.setString(1, pair.replication());
            confirmed.setString(2, position);
            Deadline.in(WAIT_TIMEOUT, "the target's confirmation of " + position)
                    .await(POLL, () -> Sql.number(confirmed) > 0);
        }
    }

    private void copySequences() throws SQLException {
        try (Statement read = old.createStatement();
                ResultSet sequence = read.executeQuery(SEQUENCES)) {
            while (sequence.next()) {
                Sql.execute(next, sequence.getString(1));
            }
        }
    }

    private void reload() throws IOException {
        pgbouncer.pointTo(pair.servers().next());
        console.execute("RELOAD");
    }

    private void step(String name, Work work) throws SQLException, IOException {
        double started = millisSince(startNanos);
        work.run();
        steps.add(new Step(name, started, millisSince(startNanos) - started));
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS_PER_MILLI;
    }

    /** A step's part. */
    private interface Work {
        void run() throws SQLException, IOException;
    }
}
