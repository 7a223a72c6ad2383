package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.server.TableState;
import dev.connectionregistry.admin.server.TableName;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CopyTroubleTest {
    private static final TableName TABLE = new TableName("public", "orders");

    @Test
    void countsTheFailuresThatTheServerCounts() {
        CopyTrouble trouble = new CopyTrouble(7);
        assertThat(trouble.look(state('d', 1), 9, 0)).isEmpty();
        assertThat(trouble.look(state('d', 1), 10, 0)).hasValue("its copy failed 3 times");
        assertThat(trouble.look(state('s', 1), 10, 0)).as("copied all the same").isEmpty();
    }

    @Test
    void countsWorkersThatComeAndGoWhereTheServerDoesNotCount() {
        CopyTrouble trouble = new CopyTrouble(-1);
        for (int worker = 1; worker <= 3; worker++) {
            assertThat(trouble.look(state('d', worker), -1, worker)).isEmpty();
            assertThat(trouble.look(state('d', worker), -1, worker)).isEmpty();
            assertThat(trouble.look(state('d', 0), -1, worker)).isEmpty();
        }
        assertThat(trouble.look(state('d', 4), -1, 9)).hasValue("its copy was begun 4 times and never ended");
    }

    @Test
    void giveUpWhenNobodyCopiesForAMinute() {
        CopyTrouble trouble = new CopyTrouble(0);
        assertThat(trouble.look(state('i', 0), 0, 0)).isEmpty();
        assertThat(trouble.look(state('i', 5), 0, TimeUnit.SECONDS.toNanos(59))).isEmpty();
        assertThat(trouble.look(state('i', 0), 0, TimeUnit.SECONDS.toNanos(61))).isEmpty();
        assertThat(trouble.look(state('i', 0), 0, TimeUnit.SECONDS.toNanos(120)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), 0, TimeUnit.SECONDS.toNanos(122)))
                .hasValueSatisfying(text -> assertThat(text).contains("nobody", "max_logical_replication_workers"));
    }

    private static TableState state(char state, int worker) {
        return new TableState(TABLE, state, worker, -1, -1);
    }
}
