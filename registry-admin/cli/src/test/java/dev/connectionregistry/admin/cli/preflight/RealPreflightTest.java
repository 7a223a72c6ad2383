package dev.connectionregistry.admin.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.preflight.postgres.PostgresChecks;
import dev.connectionregistry.admin.preflight.postgres.TestPair;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on two real servers: before and during replication, and for the way back. */
@Timeout(120)
class RealPreflightTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Test
    void saysWhatIsToBeDoneAtEachStageOfAMove() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            registry.put("shop", pair.pair().sourceSettings());
            pair.source("CREATE TABLE public.\"No key\" (n int)");
            pair.target(
                    "CREATE TABLE public.\"No key\" (n int)",
                    "REVOKE DELETE ON " + TestPair.TABLE + " FROM " + TestPair.q(pair.service));

            Run before = run(pair, "");
            assertThat(before.code()).isEqualTo(1);
            assertThat(before.out())
                    .contains("GRANT DELETE ON TABLE " + TestPair.TABLE + " TO " + TestPair.q(pair.service) + ";")
                    .contains("ALTER TABLE public.\"No key\" REPLICA IDENTITY FULL;")
                    .contains("NOT YET  subscription");

            pair.both("DROP TABLE public.\"No key\"");
            pair.target("GRANT DELETE ON " + TestPair.TABLE + " TO " + TestPair.q(pair.service));
            pair.replicate();
            Run during = run(pair, "");
            assertThat(during.code()).as(during.out()).isZero();
            assertThat(during.out()).contains("PASS     subscription", "NOT YET  rehearsed", "--rehearse");
        }
    }

    @Test
    void findsTheFenceOfTheCutoverOnTheWayBack() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            registry.put("shop", pair.pair().sourceSettings());
            pair.target("ALTER DATABASE " + TestPair.q(pair.name) + " SET default_transaction_read_only = on");
            Run run = run(pair, "");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out())
                    .containsPattern("SET default_transaction_read_only = off;\n +ALTER DATABASE "
                            + TestPair.q(pair.name) + " RESET default_transaction_read_only;");
            assertThat(run(pair, "target-writable").code()).isZero();
        }
    }

    private Run run(TestPair pair, String skipped) {
        Terminalless program = new Terminalless(
                        registry, new FakeServers(new Script()), new PostgresChecks(pair::login))
                .terminal(new Terminal(true, true, false, true, 80, 40));
        String target = pair.target.host() + ":" + pair.target.port();
        return skipped.isEmpty()
                ? program.run(
                        "preflight",
                        "shop",
                        "--target",
                        target,
                        "--admin-username",
                        pair.admin,
                        "--admin-password-ref",
                        "env:NONE",
                        "--color",
                        "never")
                : program.run(
                        "preflight",
                        "shop",
                        "--target",
                        target,
                        "--admin-username",
                        pair.admin,
                        "--admin-password-ref",
                        "env:NONE",
                        "--skip-check",
                        skipped);
    }
}
