package dev.connectionregistry.admin.replication.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WorkerHistoryTest {
    private final WorkerHistory history = new WorkerHistory();

    private static SubscriptionFacts subscription(int worker, long errors) {
        return subscription(worker, errors, Optional.empty());
    }

    private static SubscriptionFacts subscription(int worker, long errors, Optional<Duration> runsFor) {
        return new SubscriptionFacts(
                "s",
                1,
                true,
                "s",
                List.of("s"),
                worker,
                runsFor,
                OptionalLong.of(errors),
                OptionalLong.of(0),
                FollowResult.PROVEN,
                "");
    }

    private static ReplicationFacts facts(SubscriptionFacts subscription, boolean copier) {
        return facts(subscription, TableState.COPYING, copier);
    }

    private static ReplicationFacts facts(SubscriptionFacts subscription, TableState state, boolean copier) {
        TableProgress table = new TableProgress(
                new TableName("public", "t"), "s", state, copier, OptionalLong.empty(), OptionalLong.empty());
        return new ReplicationFacts(
                "17.1",
                "18.1",
                0,
                List.of(),
                List.of(subscription),
                List.of(table),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new PostgresIdentity("1", "orders", 17, "17.1"),
                new PostgresIdentity("2", "orders", 18, "18.1"),
                List.of(),
                false);
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void tellsErrorsThatComeFromErrorsThatCame() {
        history.note(at(0), facts(subscription(7, 3), true));
        history.note(at(2), facts(subscription(7, 3), true));
        assertThat(history.newErrors(subscription(7, 3))).isZero();
        history.note(at(4), facts(subscription(7, 5), true));
        assertThat(history.newErrors(subscription(7, 5))).isEqualTo(2);
        history.note(at(20), facts(subscription(7, 5), true));
        assertThat(history.newErrors(subscription(7, 5))).as("they are over").isZero();
    }

    @Test
    void noticesAWorkerThatWasAnotherOneOrNone() {
        history.note(at(0), facts(subscription(7, 0), true));
        assertThat(history.comesAndGoes(subscription(7, 0))).isFalse();
        history.note(at(1), facts(subscription(0, 0), true));
        assertThat(history.comesAndGoes(subscription(7, 0))).isTrue();
    }

    @Test
    void noticesACopyThatNobodyMakesOverMoreThanOneLook() {
        ReplicationFacts left = facts(subscription(7, 0), false);
        history.note(at(0), left);
        assertThat(history.isLeft(left.tables().get(0))).isFalse();
        history.note(at(1), left);
        assertThat(history.isLeft(left.tables().get(0))).isTrue();
        history.note(at(2), facts(subscription(7, 0), true));
        assertThat(history.isLeft(facts(subscription(7, 0), true).tables().get(0)))
                .isFalse();
    }

    @Test
    void takesErrorsForOverOnceTheirWorkerHasRunForLongAndEveryTableFollows() {
        Optional<Duration> runsFor = Optional.of(WorkerHistory.MEMORY.plusMillis(1));
        SubscriptionFacts old = subscription(7, 1, runsFor);
        assertThat(WorkerHistory.suspicious(facts(old, TableState.FOLLOWING, false)))
                .isFalse();
        assertThat(WorkerHistory.suspicious(facts(old, TableState.COPIED, true)))
                .as("errors of copying it go on")
                .isTrue();
        SubscriptionFacts young = subscription(7, 1, Optional.of(WorkerHistory.MEMORY));
        assertThat(WorkerHistory.suspicious(facts(young, TableState.FOLLOWING, false)))
                .isTrue();
    }

    @Test
    void knowsWhenOneLookIsNotEnough() {
        assertThat(WorkerHistory.suspicious(facts(subscription(7, 0), true))).isFalse();
        assertThat(WorkerHistory.suspicious(facts(subscription(0, 0), true))).isTrue();
        assertThat(WorkerHistory.suspicious(facts(subscription(7, 1), true))).isTrue();
        assertThat(WorkerHistory.suspicious(facts(subscription(7, 0), false))).isTrue();
    }
}
