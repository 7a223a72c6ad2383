package dev.connectionregistry.admin.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.replication.verify.TableSide.Bucket;
import dev.connectionregistry.admin.replication.verify.TableSide.Follower;
import dev.connectionregistry.admin.replication.verify.TableSide.KeyRow;
import dev.connectionregistry.admin.replication.verify.TableSide.KeylessTable;
import dev.connectionregistry.admin.replication.verify.TableSide.RowVersion;
import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A table that can't be read on one server leaves nothing open on the other, or the next table couldn't be read there. */
class KeyReadingTest {
    private static final SideQuery QUERY = new SideQuery(
            new TableName("public", "t"),
            false,
            List.of("id::text"),
            List.of("id::text"),
            List.of("id"),
            List.of("bigint"),
            Optional.empty(),
            "",
            false);
    private static final VerifyOptions OPTIONS = new VerifyOptions(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            OptionalInt.empty(),
            1,
            true,
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ZERO,
            5);

    @Test
    void endsReadingKeysOnTheOneServerWhenItCannotBeginOnTheOther() {
        Side source = new Side(1, true);
        Side target = new Side(2, false);
        TablePlan plan = new TablePlan(QUERY, QUERY, 16, new Sampling(Sampling.ALL, 1), List.of());
        try (BothServers servers =
                new BothServers(new TableSide.Opened(source, target, new NoFollower()), new SystemTiming(), () -> {})) {
            TableComparison comparison = new TableComparison(plan, servers, () -> {}, OPTIONS, doing -> {});
            assertThatThrownBy(comparison::run)
                    .isInstanceOf(ServerException.class)
                    .hasMessage("out of time");
        }
        assertThat(target.reading).isFalse();
    }

    private static final class NoFollower implements Follower {
        @Override
        public String describe(Duration bound) {
            return "";
        }

        @Override
        public void await(Duration bound) {}

        @Override
        public void close() {}
    }

    private static final class Side implements TableSide {
        private final long rows;
        private final boolean fails;
        private volatile boolean reading;

        Side(long rows, boolean fails) {
            this.rows = rows;
            this.fails = fails;
        }

        @Override
        public List<TableShape> tables(Duration bound) {
            return List.of();
        }

        @Override
        public Map<Integer, Bucket> buckets(SideQuery query, int count, Sampling sampling, Duration bound) {
            return Map.of(0, new Bucket(rows, "digest of " + rows));
        }

        @Override
        public KeylessTable whole(SideQuery query, Duration bound) {
            return new KeylessTable(new Bucket(rows, ""), "");
        }

        @Override
        public void openKeys(SideQuery query, int count, List<Integer> buckets, Sampling sampling, Duration bound)
                throws ServerException {
            if (fails) {
                throw new ServerException(ServerException.Kind.TIMED_OUT, "out of time", null);
            }
            reading = true;
        }

        @Override
        public List<KeyRow> nextKeys(int atMost, Duration bound) {
            return List.of();
        }

        @Override
        public void closeKeys(Duration bound) {
            reading = false;
        }

        @Override
        public Map<Integer, RowVersion> rows(SideQuery query, List<List<String>> keys, Duration bound) {
            return Map.of();
        }

        @Override
        public void cancel(Duration bound) {}

        @Override
        public void close() {}
    }
}
