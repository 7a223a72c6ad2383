package dev.connectionregistry.admin.replication.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SourceSubscription;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationWatch.StatusOptions;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The services are on {@code new}, and the target that is asked about is {@code old}, which they left. */
class AfterCutoverTest {
    private static final PostgresIdentity LEFT = new PostgresIdentity("1", "orders", 11, "11.22");
    private static final PostgresIdentity SERVING = new PostgresIdentity("2", "orders", 18, "18.1");
    private static final String OURS = "registry_orders";
    private static final String REVERSE = "registry-admin replication reverse orders --target old:5432/orders";

    private final ServerPair pair = pair();

    private static ServerPair pair() {
        ConnectionSettings serving = settings("new");
        ConnectionSettings left = settings("old");
        return new ServerPair(
                new DatabaseName("orders"), 1, serving, left, ServerLogin.of(serving), ServerLogin.of(left));
    }

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "admin", SecretRef.parse("file:/secret"));
    }

    private static SlotFacts slot(String name, String walStatus) {
        return new SlotFacts(
                name,
                "pgoutput",
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(16),
                walStatus,
                OptionalLong.empty(),
                Optional.empty());
    }

    private static SubscriptionFacts following() {
        return new SubscriptionFacts(
                OURS,
                1,
                true,
                OURS,
                List.of(OURS),
                7,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                FollowResult.PROVEN,
                "");
    }

    private List<Problem> problems(
            List<SlotFacts> source,
            List<SlotFacts> target,
            List<SubscriptionFacts> subscriptions,
            List<SourceSubscription> own) {
        ReplicationFacts facts = new ReplicationFacts(
                "18.1",
                "11.22",
                0,
                source,
                subscriptions,
                List.of(),
                List.of(),
                List.of(),
                target,
                own,
                List.of(),
                SERVING,
                LEFT,
                List.of(),
                false);
        ReplicationNames names = ReplicationNames.of(pair.database()).between(SERVING, LEFT);
        StatusOptions options = new StatusOptions(List.of(), 1 << 20, Duration.ofMinutes(1));
        return new Diagnosis(
                        facts,
                        new WorkerHistory(),
                        Map.of(),
                        options,
                        names,
                        new AfterCutover(facts, names, pair, new CommandText(() -> "registry-admin")),
                        Map.of())
                .problems(table -> false);
    }

    private static List<SourceSubscription> own(boolean enabled) {
        return List.of(new SourceSubscription(OURS, enabled, OURS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesReverseAndNothingThatEndsTheWayBack(boolean enabled) {
        List<Problem> problems =
                problems(List.of(slot(OURS, "reserved")), List.of(slot(OURS, "")), List.of(), own(enabled));
        assertThat(problems).hasSize(2);
        Problem first = problems.get(0);
        assertThat(first.bad()).isTrue();
        assertThat(first.what()).contains("a cutover", "slot \"registry_orders\" on the source is the way back");
        assertThat(first.remedy()).isEqualTo(REVERSE);
        assertThat(problems.get(1).bad()).isFalse();
        assertThat(problems.get(1).what())
                .contains("on the target is the one that fed the source")
                .doesNotContain("way back");
    }

    @Test
    void asksForTheSlotsNameWhereNoneIsUnderOurs() {
        List<Problem> problems =
                problems(List.of(slot("orders_back", "")), List.of(slot(OURS, "")), List.of(), own(true));
        assertThat(problems.get(0).what())
                .containsPattern("no slot \"registry_orders_p[0-9a-f]{10}\" for the way back");
        assertThat(problems.get(0).remedy()).contains(REVERSE + " --reverse-slot NAME");
    }

    @Test
    void offersANewCopyOnlyOnceTheSlotHasLostItsLog() {
        Problem lost = problems(List.of(slot(OURS, "lost")), List.of(slot(OURS, "")), List.of(), own(true))
                .get(0);
        assertThat(lost.what()).contains("was the way back");
        assertThat(lost.remedy()).contains("only a new copy").doesNotContain("reverse");
    }

    @Test
    void keepsTheWayBackToAnotherServerThanTheTarget() {
        List<Problem> problems = problems(List.of(slot(OURS, "")), List.of(), List.of(), own(true));
        Problem slot = problems.stream()
                .filter(each -> each.what().contains("has no reader"))
                .findFirst()
                .orElseThrow();
        assertThat(slot.what()).contains("may be the way back there");
        assertThat(slot.remedy()).contains("reverse").doesNotContain("drop", "stop", "start");
    }

    @Test
    void leavesAStartThatWasBrokenOffToStart() {
        List<Problem> problems = problems(List.of(slot(OURS, "")), List.of(), List.of(), List.of());
        assertThat(problems)
                .extracting(Problem::remedy)
                .anyMatch(each -> each.contains("begin with replication plan"))
                .anyMatch(each -> each.contains("replication start continues it")
                        && each.contains("pg_drop_replication_slot('registry_orders')"));
    }

    @Test
    void isOverOnceTheTargetFollows() {
        List<Problem> problems = problems(List.of(slot(OURS, "")), List.of(), List.of(following()), List.of());
        assertThat(problems).noneMatch(each -> (each.what() + each.remedy()).contains("cutover"));
    }

    @Test
    void takesOnlyAnEnabledSubscriptionForACircle() {
        assertThat(problems(List.of(slot(OURS, "")), List.of(slot(OURS, "")), List.of(following()), own(true)))
                .anyMatch(each -> each.what().contains("run in a circle"));
        assertThat(problems(List.of(slot(OURS, "")), List.of(slot(OURS, "")), List.of(following()), own(false)))
                .noneMatch(each -> each.what().contains("run in a circle"));
    }
}
