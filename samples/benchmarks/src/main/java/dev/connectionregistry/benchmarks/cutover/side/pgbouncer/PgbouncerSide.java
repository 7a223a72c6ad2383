package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.HikariPools;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.local.Cleanup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/** HikariCP behind pgbouncer, in transaction pooling. Immutable. */
public final class PgbouncerSide implements Side {
    private final Path program;
    private final Cleanup cleanup;

    /**
     * With a pgbouncer of its own for each round.
     *
     * @param program where pgbouncer is
     * @param cleanup ends what a round that was interrupted has left
     */
    public PgbouncerSide(Path program, Cleanup cleanup) {
        this.program = program;
        this.cleanup = cleanup;
    }

    @Override
    public String title() {
        return "pgbouncer";
    }

    @Override
    public Callers connect(DatabasePair pair) {
        Pgbouncer pgbouncer = Pgbouncer.start(program, pair, cleanup);
        try {
            HikariPools pools =
                    HikariPools.open(pgbouncer.url(pair.name()), pair.servers().application(), withoutPrepared());
            return new Behind(pgbouncer, pools, pair);
        } catch (RuntimeException e) {
            String log = pgbouncer.log();
            pgbouncer.close();
            throw new BenchmarkException("the end of pgbouncer's log:\n" + log + "\nno pool behind it", e);
        }
    }

    /** Statements that are prepared on the server fail after a change of server, and in transaction pooling at any time. */
    private static Properties withoutPrepared() {
        Properties driver = Pgbouncer.plainText();
        driver.setProperty("prepareThreshold", "0");
        return driver;
    }

    private record Behind(Pgbouncer pgbouncer, HikariPools pools, DatabasePair pair) implements Callers {
        @Override
        public List<DataSource> dataSources() {
            return pools.dataSources();
        }

        @Override
        public CutoverTimes moveToTarget() {
            try {
                return CarefulScript.run(pgbouncer, pair);
            } catch (SQLException | IOException | BenchmarkException e) {
                throw new BenchmarkException(
                        "the end of pgbouncer's log:\n" + pgbouncer.log() + "\nthe cutover behind it failed", e);
            }
        }

        @Override
        public void close() {
            pools.close();
            pgbouncer.close();
        }
    }
}
