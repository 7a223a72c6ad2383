package dev.connectionregistry.admin.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.fence.FencePlan.FunctionRights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Grant;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.RoleDefault;
import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan of a fence is data; whatever a document says, nothing of it becomes a statement of its own. */
class FencePlanCodecTest {
    private static final String HOSTILE = "x\"; CREATE ROLE evil SUPERUSER; COPY t TO PROGRAM 'sh' --";

    private static FencePlan plan(FenceKind kind) {
        boolean noLogin = kind == FenceKind.NO_LOGIN;
        Rights rights = new Rights(
                true, List.of(new Grant(Optional.empty(), false), new Grant(Optional.of("svc"), true)), List.of("adm"));
        return new FencePlan(
                kind,
                "orders",
                Set.of("rds"),
                Optional.of("FALSE"),
                List.of(new RoleDefault("a", Optional.empty())),
                List.of(new RoleDefault("rds", Optional.of("no"))),
                noLogin ? Optional.of(rights) : Optional.empty(),
                noLogin ? List.of() : List.of(new FunctionRights(WritingFunction.LO_PUT, rights)));
    }

    @Test
    void readsBackWhatItWrote() {
        for (FenceKind kind : FenceKind.values()) {
            assertThat(FencePlanCodec.plan(FencePlanCodec.toDocument(plan(kind))))
                    .isEqualTo(plan(kind));
        }
    }

    @Test
    void makesItsStatementsFromThePlanAlone() {
        assertThat(FenceStatements.up(plan(FenceKind.NO_LOGIN)))
                .containsExactly(
                        "ALTER DATABASE \"orders\" SET default_transaction_read_only = 'on'",
                        "ALTER ROLE \"a\" IN DATABASE \"orders\" SET default_transaction_read_only = 'on'",
                        "ALTER ROLE \"rds\" IN DATABASE \"orders\" SET default_transaction_read_only = 'off'",
                        "GRANT CONNECT ON DATABASE \"orders\" TO \"adm\"",
                        "REVOKE CONNECT ON DATABASE \"orders\" FROM PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"orders\" FROM \"svc\"");
        assertThat(FenceStatements.down(plan(FenceKind.NO_LOGIN)))
                .containsExactly(
                        "GRANT CONNECT ON DATABASE \"orders\" TO \"svc\" WITH GRANT OPTION",
                        "GRANT CONNECT ON DATABASE \"orders\" TO PUBLIC",
                        "REVOKE CONNECT ON DATABASE \"orders\" FROM \"adm\"",
                        "ALTER ROLE \"rds\" IN DATABASE \"orders\" SET default_transaction_read_only = 'no'",
                        "ALTER ROLE \"a\" IN DATABASE \"orders\" RESET default_transaction_read_only",
                        "ALTER DATABASE \"orders\" SET default_transaction_read_only = 'FALSE'");
        assertThat(FenceStatements.up(plan(FenceKind.READ_ONLY)))
                .contains("REVOKE EXECUTE ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) FROM PUBLIC");
        assertThat(FenceStatements.downByHand(plan(FenceKind.NO_LOGIN)))
                .startsWith("SET default_transaction_read_only = off")
                .contains("GRANT CONNECT ON DATABASE \"orders\" TO PUBLIC");
    }

    /** Eight functions would be sixteen lines to read, of which half are long. */
    @Test
    void byHandTheFunctionsComeBackInOneStatementAndLoseTheirTracesInAnother() {
        Rights rights = new Rights(true, List.of(new Grant(Optional.empty(), false)), List.of());
        FencePlan plan = new FencePlan(
                FenceKind.READ_ONLY,
                "orders",
                Set.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(
                        new FunctionRights(WritingFunction.LO_PUT, rights),
                        new FunctionRights(WritingFunction.LO_CREATE, rights)));
        assertThat(FenceStatements.downByHand(plan))
                .hasSize(5)
                .contains("""
                        GRANT EXECUTE ON FUNCTION \
                        pg_catalog.lo_create(oid), pg_catalog.lo_put(oid, bigint, bytea) \
                        TO PUBLIC""")
                .last()
                .asString()
                .contains("""
                        x.oid IN (\
                        'pg_catalog.lo_put(oid, bigint, bytea)'::regprocedure, \
                        'pg_catalog.lo_create(oid)'::regprocedure)""");
    }

    @Test
    void aNameStaysANameWhateverIsInIt() {
        Map<String, Object> document = FencePlanCodec.toDocument(plan(FenceKind.NO_LOGIN));
        document.put("database", HOSTILE);
        document.put("readOnlyRoles", List.of(Map.of("role", HOSTILE)));
        String quoted = "\"" + HOSTILE.replace("\"", "\"\"") + "\"";
        FencePlan plan = FencePlanCodec.plan(document);
        assertThat(FenceStatements.up(plan))
                .contains(
                        "ALTER ROLE %1$s IN DATABASE %1$s SET default_transaction_read_only = 'on'".formatted(quoted));
        assertThat(FenceStatements.downByHand(plan))
                .allMatch(each -> !each.contains("evil")
                        || each.contains(quoted)
                        || each.contains("'" + HOSTILE.replace("'", "''") + "'"));
    }

    @Test
    void refusesTheStatementsOfAnEarlierReleaseAndSaysWhatToDo() {
        assertThatThrownBy(() -> FencePlanCodec.plan(Map.of(
                        "kind", "READ_ONLY", "exemptRoles", List.of(), "up", List.of("DROP"), "down", List.of("DROP"))))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("never executed")
                .hasMessageContaining("A fence of an earlier release");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on; DROP DATABASE x", "'on'", "", "maybe", "o", "on\n"})
    void refusesADefaultThatIsNeitherOnNorOff(String value) {
        assertRefused("databaseDefault", value);
        assertRefused("readOnlyRoles", List.of(Map.of("role", "a", "before", value)));
    }

    @Test
    void refusesWhateverIsNoPlan() {
        assertRefused("kind", "EVERYTHING");
        assertRefused("database", "");
        assertRefused("database", "a\0b");
        assertRefused("database", "x".repeat(256));
        assertRefused("database", 7L);
        assertRefused("exemptRoles", "rds");
        assertRefused("exemptRoles", List.of(1L));
        assertRefused("exemptRoles", List.of());
        assertRefused("exemptRoles", Collections.nCopies(1_001, "r"));
        assertRefused("readOnlyRoles", Collections.nCopies(100_000, Map.of("role", "a")));
        assertRefused("readOnlyRoles", List.of(Map.of("role", "rds")));
        assertRefused("readOnlyRoles", List.of(Map.of("role", "a", "setting", "log_statement")));
        assertRefused("writingRoles", List.of(Map.of("role", "somebody")));
        assertRefused(
                "functions",
                List.of(Map.of("function", "LO_IMPORT", "wasDefault", true, "taken", List.of(), "given", List.of())));
        assertRefused("connect", Map.of("wasDefault", true, "taken", List.of(), "given", List.of()));
        assertRefused("setting", "log_statement");
    }

    private static void assertRefused(String part, Object value) {
        Map<String, Object> document = new HashMap<>(FencePlanCodec.toDocument(plan(FenceKind.READ_ONLY)));
        document.put(part, value);
        assertThatThrownBy(() -> FencePlanCodec.plan(document))
                .as(part)
                .isInstanceOf(InvalidSettingsException.class)
                .extracting(each -> String.valueOf(each.getMessage()).length() < 600)
                .isEqualTo(true);
    }
}
