package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Grant;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Role;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FencePlannerTest {
    private static final String SETTING = "default_transaction_read_only";

    private static FenceFacts facts(List<ReadOnlyDefault> defaults, List<Grant> connects) {
        List<Role> roles = List.of(new Role("ex", false), new Role("rds", true));
        return new FenceFacts(
                "d",
                "own",
                "adm",
                false,
                "svc",
                false,
                false,
                defaults,
                false,
                connects,
                List.of(),
                Set.of("rep"),
                roles);
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
        assertThat(FenceStatements.up(plan))
                .containsExactly(
                        "ALTER DATABASE \"d\" SET " + SETTING + " = 'on'",
                        "ALTER ROLE \"a\" IN DATABASE \"d\" SET " + SETTING + " = 'on'",
                        "ALTER ROLE \"ex\" IN DATABASE \"d\" SET " + SETTING + " = 'off'");
        assertThat(FenceStatements.down(plan))
                .containsExactly(
                        "ALTER ROLE \"ex\" IN DATABASE \"d\" RESET " + SETTING,
                        "ALTER ROLE \"a\" IN DATABASE \"d\" RESET " + SETTING,
                        "ALTER DATABASE \"d\" SET " + SETTING + " = 'off'");
    }

    @Test
    void leavesTheSettingsOfASuperuserAloneThatNobodyHereCouldChange() throws Exception {
        FencePlan plan = FencePlanner.plan(FenceKind.READ_ONLY, facts(List.of(), List.of()), Set.of("rds"));
        assertThat(FenceStatements.up(plan)).hasSize(1);
    }

    @Test
    void keepsTheRunAndReplicationConnectedBeforeItTakesConnectAway() throws Exception {
        FencePlan plan = FencePlanner.plan(
                FenceKind.NO_LOGIN,
                facts(
                        List.of(),
                        List.of(
                                new Grant(null, "own", false),
                                new Grant("own", "own", false),
                                new Grant("rep", "own", false),
                                new Grant("svc", "own", true))),
                Set.of());
        assertThat(FenceStatements.up(plan).subList(1, FenceStatements.up(plan).size()))
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"d\" TO \"adm\"",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"own\"",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"svc\"");
        assertThat(FenceStatements.down(plan).subList(0, 4))
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"d\" TO \"svc\" WITH GRANT OPTION",
                        "GRANT CONNECT ON DATABASE \"d\" TO \"own\"",
                        "GRANT CONNECT ON DATABASE \"d\" TO PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"d\" FROM \"adm\"");
    }

    @Test
    void refusesWhatItCouldNotPutBackOrWhatWouldBeNoFence() {
        List<Grant> byOther = List.of(new Grant("x", "y", false));
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
