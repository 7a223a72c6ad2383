package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.server.TableName;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CopyFailureDetectorTest {
    private static final TableName TABLE = new TableName("public", "orders");

    @Test
    void countsTheFailuresThatTheServerCounts() {
        CopyFailureDetector trouble = new CopyFailureDetector(copying(7));
        assertThat(trouble.look(state('d', 1), copying(9), 0)).isEmpty();
        assertThat(trouble.look(state('d', 1), copying(10), 0)).hasValue("its copy failed 3 times");
        assertThat(trouble.look(state('s', 1), copying(10), 0))
                .as("copied all the same")
                .isEmpty();
    }

    @Test
    void countsWorkersThatComeAndGoWhereTheServerDoesNotCount() {
        CopyFailureDetector trouble = new CopyFailureDetector(copying(-1));
        for (int worker = 1; worker <= 3; worker++) {
            assertThat(trouble.look(state('d', worker), copying(-1), worker)).isEmpty();
            assertThat(trouble.look(state('d', worker), copying(-1), worker)).isEmpty();
            assertThat(trouble.look(state('d', 0), copying(-1), worker)).isEmpty();
        }
        assertThat(trouble.look(state('d', 4), copying(-1), 9))
                .hasValue("its copy was started 4 times and never ended");
    }

    @Test
    void giveUpWhenNobodyCopiesForAMinute() {
        CopyFailureDetector trouble = new CopyFailureDetector(copying(0));
        assertThat(trouble.look(state('i', 0), copying(0), 0)).isEmpty();
        assertThat(trouble.look(state('i', 5), copying(0), TimeUnit.SECONDS.toNanos(59)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(61)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(120)))
                .isEmpty();
        assertThat(trouble.look(state('i', 0), copying(0), TimeUnit.SECONDS.toNanos(122)))
                .hasValueSatisfying(text -> assertThat(text).contains("no worker has been copying", "60 s"));
    }

    @Test
    void givesUpOnATableThatCannotCatchUpForFailuresOfOthers() {
        CopyFailureDetector trouble = new CopyFailureDetector(new CopyFailureDetector.Errors(0, 5, 1));
        assertThat(trouble.look(state('s', 1), new CopyFailureDetector.Errors(0, 7, 1), 0))
                .isEmpty();
        assertThat(trouble.look(state('s', 1), new CopyFailureDetector.Errors(0, 8, 1), 0))
                .hasValueSatisfying(text -> assertThat(text).contains("can't catch up", "failed 3 times"));
    }

    @Test
    void givesUpWhereFailuresAreNotCountedWhenNoWorkerThatAppliesChangesStays() {
        CopyFailureDetector trouble = new CopyFailureDetector(applying(7));
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

    private static CopyFailureDetector.Errors applying(int applier) {
        return new CopyFailureDetector.Errors(-1, -1, applier);
    }

    private static CopyFailureDetector.Errors copying(long failures) {
        return new CopyFailureDetector.Errors(failures, failures < 0 ? -1 : 0, 1);
    }

    private static SubscribedTable state(char state, int worker) {
        return new SubscribedTable(TABLE, state, worker, -1, -1, false);
    }
}
