package dev.connectionregistry.benchmarks.cutover.side;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/** HikariCP straight to the source: what latency is compared with. Can't be moved. Immutable. */
public final class Direct implements Side {
    @Override
    public String title() {
        return "HikariCP alone";
    }

    @Override
    public Callers connect(DatabasePair pair) {
        Properties plain = new Properties();
        plain.setProperty("sslmode", "disable");
        plain.setProperty("gssEncMode", "disable");
        String url = "jdbc:postgresql://" + pair.sourceEndpoint();
        try {
            return new Straight(HikariPools.open(url, pair.servers().application(), plain));
        } catch (RuntimeException e) {
            throw new BenchmarkException("no pool on " + pair.sourceEndpoint(), e);
        }
    }

    private record Straight(HikariPools pools) implements Callers {
        @Override
        public List<DataSource> dataSources() {
            return pools.dataSources();
        }

        @Override
        public CutoverTimes moveToTarget() {
            throw new UnsupportedOperationException("a pool alone can't be moved");
        }

        @Override
        public void close() {
            pools.close();
        }
    }
}
