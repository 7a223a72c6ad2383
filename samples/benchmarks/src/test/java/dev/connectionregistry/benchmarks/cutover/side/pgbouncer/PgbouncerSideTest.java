package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.connectionregistry.benchmarks.cutover.load.Load;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real servers, and a real pgbouncer where there is one. */
class PgbouncerSideTest {
    private static final int RATE = 200;
    private static final int SOME_ROWS = 100;
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Cleanup cleanup = new Cleanup();

    @BeforeEach
    void requirePgbouncer() {
        Assumptions.assumeTrue(Pgbouncer.find().isPresent(), "there is no pgbouncer");
    }

    @AfterEach
    void cleanUp() {
        cleanup.close();
    }

    @Test
    void callersAreMovedWithoutAFailureAndEveryRowIsOnTheTarget() throws Exception {
        DatabasePair pair = cleanup.add(DatabasePair.create(servers(), "orders"));
        Callers callers = cleanup.add(new PgbouncerSide(program(), cleanup).connect(pair));
        try (Load load = Load.start(callers.dataSources(), RATE);
                Connection survivor = pair.operatorOnTarget()) {
            awaitRowsAcceptedBy(pair.servers().old(), survivor);
            load.measure();

            CutoverTimes times = callers.moveToTarget();

            awaitRowsAcceptedBy(pair.servers().next(), survivor);
            Observed observed = load.stop();
            assertThat(observed.firstFailure()).isEmpty();
            assertThat(observed.acknowledged()).hasSizeGreaterThanOrEqualTo(2 * SOME_ROWS);
            assertThat(Rows.lookUp(survivor, observed.acknowledged())).isEqualTo(new Rows(0, 0));
            assertThat(times.steps())
                    .extracting(CutoverTimes.Step::name)
                    .containsExactly("pause", "fence", "catch-up", "sequences", "reload", "resume");
            assertThat(times.holdMillis())
                    .isGreaterThanOrEqualTo(times.steps().stream()
                            .mapToDouble(CutoverTimes.Step::tookMillis)
                            .sum());
        }
    }

    @Test
    void theConsoleSaysWhatItRefuses() throws Exception {
        DatabasePair pair = cleanup.add(DatabasePair.create(servers(), "orders"));
        try (Pgbouncer pgbouncer = Pgbouncer.start(program(), pair, cleanup);
                Console console = pgbouncer.console()) {
            assertThatIOException()
                    .isThrownBy(() -> console.execute("PAUSE nothing_of_this_name"))
                    .withMessageContaining("pgbouncer's console");
            console.execute("PAUSE orders"); // it still answers
        }
    }

    private Servers servers() {
        Progress quiet = cleanup.add(new Progress(System.err));
        return Servers.start(OptionalInt.empty(), OptionalInt.empty(), cleanup, quiet);
    }

    private static Path program() {
        return Pgbouncer.find().orElseThrow();
    }

    private static void awaitRowsAcceptedBy(LocalPostgres server, Connection survivor) throws Exception {
        Deadline.in(AMPLE, "rows accepted by " + server)
                .await(
                        PAUSE,
                        () -> Sql.number(survivor, "SELECT count(*) FROM orders WHERE accepted_by = " + server.port())
                                >= SOME_ROWS);
    }
}
