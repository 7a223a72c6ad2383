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
        CopyTrouble trouble = new CopyTrouble(copying(7));
        assertThat(trouble.look(state('d', 1), copying(9), 0)).isEmpty();
        assertThat(trouble.look(state('d', 1), copying(10), 0)).hasValue("its copy failed 3 times");
        assertThat(trouble.look(state('s', 1), copying(10), 0))
                .as("copied all the same")
                .isEmpty();
    }

    @Test
    void countsWorkersThatComeAndGoWhereTheServerDoesNotCount() {
        CopyTrouble trouble = new CopyTrouble(copying(-1));
        for (int worker = 1; worker <= 3; worker++) {
            assertThat(trouble.look(state('d', worker), copying(-1), worker)).isEmpty();
            assertThat(trouble.look(state('d', worker), copying(-1), worker)).isEmpty();
            assertThat(trouble.look(state('d', 0), copying(-1), worker)).isEmpty();
        }
        assertThat(trouble.look(state('d', 4), copying(-1), 9)).hasValue("its copy was begun 4 times and never ended");
    }

    @Test
    void giveUpWhenNobodyCopiesForAMinute() {
        CopyTrouble trouble = new CopyTrouble(copying(0));
        assertThat(trouble.look(state('i', 0), copying(0), 0)).isEmpty();
        assertThat(trouble.look(state('i', 5), copying(0), TimeUnit.SECONDS.toNanos(59)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(61)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(120)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(122)))
                .hasValueSatisfying(text -> assertThat(text).contains("nobody", "60 s"));
    }

    @Test
    void givesUpOnATableThatCannotCatchUpForFailuresOfOthers() {
        CopyTrouble trouble = new CopyTrouble(new CopyTrouble.Errors(0, 5, 1));
        assertThat(trouble.look(state('s', 1), new CopyTrouble.Errors(0, 7, 1), 0))
                .isEmpty();
        assertThat(trouble.look(state('s', 1), new CopyTrouble.Errors(0, 8, 1), 0))
                .hasValueSatisfying(text -> assertThat(text).contains("can't catch up", "failed 3 times"));
    }

    @Test
    void givesUpWhereFailuresAreNotCountedWhenNoWorkerThatAppliesChangesStays() {
        CopyTrouble trouble = new CopyTrouble(applying(7));
        assertThat(trouble.look(state('s', 0), applying(7), 0)).isEmpty();
        assertThat(trouble.look(state('s', 0), applying(7), seconds(30)))
                .as("it stays")
                .isEmpty();
        assertThat(trouble.look(state('s', 0), applying(0), seconds(31))).isEmpty();
        assertThat(trouble.look(state('s', 0), applying(8), seconds(40))).isEmpty();
        assertThat(trouble.look(state('s', 0), applying(0), seconds(51)))
                .hasValueSatisfying(text -> assertThat(text).contains("can't catch up", "ends again and again"));
    }

    private static long seconds(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static CopyTrouble.Errors applying(int applier) {
        return new CopyTrouble.Errors(-1, -1, applier);
    }

    private static CopyTrouble.Errors copying(long failures) {
        return new CopyTrouble.Errors(failures, failures < 0 ? -1 : 0, 1);
    }

    private static TableState state(char state, int worker) {
        return new TableState(TABLE, state, worker, -1, -1, false);
    }
}
