package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LogicalReplication;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four kinds of pools on one fleet: none of their callers notices a move or a cutover. */
@Tag("storm")
@Timeout(240)
class OuterPoolStormTest {
    private static final int MOVES = 20;

    @TempDir
    private Path directory = Path.of("");

    private final List<DataSource> pools = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private Stage stage;

    @BeforeEach
    void poolsUnderLoad() throws SQLException {
        stage = new Stage(directory);
        for (OuterPool kind : OuterPool.values()) {
            DataSource pool = kind.open(stage.url(service(kind), ""), 6);
            pools.add(pool);
            loads.add(new Load(service(kind), pool));
        }
        loads.forEach(load -> load.awaitMore(20));
    }

    private static String service(OuterPool kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    @AfterEach
    void end() throws Exception {
        loads.forEach(Load::close);
        for (DataSource pool : pools) {
            OuterPool.close(pool);
        }
        stage.close();
    }

    @Test
    void noCallerNoticesTwentyMoves() throws SQLException {
        for (int i = 1; i <= MOVES; i++) {
            stage.move(i % 2 == 1 ? stage.second : stage.first);
            loads.forEach(load -> load.awaitMore(10));
        }
        loads.forEach(Load::close);
        requireNoFailure();
        Set<String> rows = Stage.rows(stage.first);
        rows.addAll(Stage.rows(stage.second));
        requireAll(rows);
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            for (OuterPool kind : OuterPool.values()) {
                assertThat(Stage.sessions(stage.second, service(kind))).isZero();
            }
        });
    }

    @Test
    void noCallerNoticesACutoverThatIsUndoneAndOneThatIsDone() throws SQLException {
        stage.second.execute(Stage.DATABASE, "TRUNCATE public.orders");
        LogicalReplication.start(stage.first, stage.second, Stage.DATABASE).awaitInitialCopy(Duration.ofSeconds(30));

        System.out.println(stage.cutOver(0, "--rehearse"));
        loads.forEach(load -> load.awaitMore(20));
        requireNoFailure();
        System.out.println(stage.cutOver(0, "--verify-table", "public.orders"));
        loads.forEach(load -> load.awaitMore(20));

        loads.forEach(Load::close);
        requireNoFailure();
        requireAll(Stage.rows(stage.second));
    }

    /** By subtraction: the rows are hundreds of thousands. */
    private void requireAll(Set<String> rows) {
        Set<String> lost = new TreeSet<>();
        loads.forEach(load -> lost.addAll(load.acknowledged));
        lost.removeAll(rows);
        assertThat(lost).isEmpty();
    }

    private void requireNoFailure() {
        loads.forEach(load -> assertThat(load.failures).isEmpty());
    }
}
