package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.LockTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.server.FenceKind;
import dev.connectionregistry.admin.cutover.server.FencePlan;
import dev.connectionregistry.admin.postgres.FenceFacts.Connect;
import dev.connectionregistry.admin.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.postgres.FenceFacts.Role;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FencePlannerTest {
    private static final String SETTING = "default_transaction_read_only";

    private static FenceFacts facts(List<ReadOnlyDefault> defaults, List<Connect> connects) {
        List<Role> roles = List.of(new Role("ex", false), new Role("rds", true));
        return new FenceFacts("d", "own", "adm", false, "svc", false, false, defaults, connects, Set.of("rep"), roles);
    }

    @Test
    void goesDownInTheOppositeOrderToWhatWasThere() throws Exception {
        FencePlan plan = FencePlanner.plan(
                FenceKind.READ_ONLY,
                facts(
                        List.of(
                                new ReadOnlyDefault(null, true, "off", false),
                                new ReadOnlyDefault("a", false, "off", false),
                                new ReadOnlyDefault("b", false, "on", true)),
                        List.of()),
                Set.of("ex"));
        assertThat(plan.up())
                .containsExactly(
                        "ALTER DATABASE \"d\" SET " + SETTING + " = 'on'",
                        "ALTER ROLE \"a\" IN DATABASE \"d\" SET " + SETTING + " = 'on'",
                        "ALTER ROLE \"ex\" IN DATABASE \"d\" SET " + SETTING + " = 'off'");
        assertThat(plan.down())
                .containsExactly(
                        "ALTER ROLE \"ex\" IN DATABASE \"d\" RESET " + SETTING,
                        "ALTER ROLE \"a\" IN DATABASE \"d\" RESET " + SETTING,
                        "ALTER DATABASE \"d\" SET " + SETTING + " = 'off'");
    }

    @Test
    void leavesTheSettingsOfASuperuserAloneThatNobodyHereCouldChange() throws Exception {
        FencePlan plan = FencePlanner.plan(FenceKind.READ_ONLY, facts(List.of(), List.of()), Set.of("rds"));
        assertThat(plan.up()).hasSize(1);
    }

    @Test
    void keepsTheRunAndReplicationConnectedBeforeItTakesConnectAway() throws Exception {
        FencePlan plan = FencePlanner.plan(
                FenceKind.NO_LOGIN,
                facts(
                        List.of(),
                        List.of(
                                new Connect(null, "own", false),
                                new Connect("own", "own", false),
                                new Connect("rep", "own", false),
                                new Connect("svc", "own", true))),
                Set.of());
        assertThat(plan.up().subList(1, plan.up().size()))
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"d\" TO \"adm\"",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"own\"",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"svc\"");
        assertThat(plan.down().subList(0, 4))
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"d\" TO \"svc\" WITH GRANT OPTION",
                        "GRANT CONNECT ON DATABASE \"d\" TO \"own\"",
                        "GRANT CONNECT ON DATABASE \"d\" TO PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"adm\"");
    }

    @Test
    void refusesWhatItCouldNotPutBackOrWhatWouldBeNoFence() {
        List<Connect> byOther = List.of(new Connect("x", "y", false));
        assertFails(
                Kind.REFUSED,
                "granted to \"x\" by y",
                () -> FencePlanner.plan(FenceKind.NO_LOGIN, facts(List.of(), byOther), Set.of()));
        assertFails(
                Kind.REFUSED,
                "can't be exempt",
                () -> FencePlanner.plan(FenceKind.READ_ONLY, facts(List.of(), List.of()), Set.of("svc")));
    }
}
