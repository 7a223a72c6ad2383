package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No superuser anywhere: every right that is missing is named with its statement, and with exactly these it works. */
@Tag("database-side")
@Timeout(180)
class RightsTest {
    private static final String SECRET = "hush' \\hush";

    private static final String WHISPER = "whisper' \\whisper";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void worksWithNothingButTheRightsThatItAsksFor() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            String admin = pair.database + " Admin";
            String reader = pair.database + " \"Reader\"";
            String owner = pair.database + " owner";
            for (LocalPostgres each : List.of(pair.source, pair.target)) {
                each.createLogin(admin, SECRET);
                each.execute(
                        pair.name,
                        "CREATE ROLE " + Pair.q(owner),
                        "CREATE SCHEMA shop AUTHORIZATION " + Pair.q(owner),
                        "SET ROLE " + Pair.q(owner),
                        "CREATE TABLE shop.orders (id bigint PRIMARY KEY, what text)");
            }
            pair.source.createLogin(reader, WHISPER);
            pair.source.execute(
                    pair.name,
                    "INSERT INTO shop.orders SELECT i, 'tea' FROM generate_series(1, 100) AS i",
                    "ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY",
                    "ANALYZE");
            pair.target.execute(pair.name, "ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY");
            Path password = Files.writeString(directory.resolve("secret"), SECRET);
            pair.registry.put(
                    pair.database,
                    ConnectionSettings.of(pair.endpoint(pair.source), "app", SecretRef.parse("file:" + password)));
            Terminalless program = new Terminalless(pair.registry);
            String[] start = {
                "replication",
                "start",
                pair.database,
                "--target",
                "" + pair.endpoint(pair.target),
                "--plan",
                "" + pair.file(),
                "--admin-username",
                admin,
                "--replication-username",
                reader,
                "--replication-password-ref",
                "file:" + Files.writeString(directory.resolve("whisper"), WHISPER)
            };
            Pair.requireDone(program.run(
                    "replication",
                    "plan",
                    pair.database,
                    "--target",
                    start[4],
                    "--file",
                    "" + pair.file(),
                    "--admin-username",
                    admin));

            Run refused = program.run(start);
            assertThat(refused.code()).isEqualTo(1);
            List<String> onSource = List.of(
                    "GRANT CREATE ON DATABASE " + Pair.q(pair.name) + " TO " + Pair.q(admin),
                    "ALTER ROLE " + Pair.q(admin) + " REPLICATION",
                    "GRANT " + Pair.q(owner) + " TO " + Pair.q(admin),
                    "ALTER ROLE " + Pair.q(reader) + " REPLICATION",
                    "GRANT USAGE ON SCHEMA shop TO " + Pair.q(reader),
                    "GRANT SELECT ON shop.orders TO " + Pair.q(reader),
                    "ALTER ROLE " + Pair.q(reader) + " BYPASSRLS");
            List<String> onTarget = List.of(
                    "GRANT CREATE ON DATABASE " + Pair.q(pair.name) + " TO " + Pair.q(admin),
                    "GRANT pg_create_subscription TO " + Pair.q(admin),
                    "GRANT " + Pair.q(owner) + " TO " + Pair.q(admin));
            assertThat(refused.err()).contains(onSource).contains(onTarget);
            assertThat(pair.left(pair.source)).isEmpty();
            pair.source.execute(pair.name, onSource.toArray(String[]::new));
            pair.target.execute(pair.name, onTarget.toArray(String[]::new));

            Run started = Pair.requireDone(program.run(start));
            assertThat(started.err())
                    .contains(
                            "no publication for the way back",
                            "REPLICATION",
                            "--max-transaction-age doesn't apply to them",
                            "GRANT pg_read_all_stats TO " + Pair.q(admin));
            pair.source.execute(pair.name, "INSERT INTO shop.orders VALUES (1000, 'new')");
            pair.awaitEqual("shop.orders");
            assertThat(Files.readString(pair.target.log())).doesNotContain("whisper");
            Pair.requireDone(program.run(
                    "replication", "stop", pair.database, "--target", start[4], "--yes", "--admin-username", admin));
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isEmpty();
        }
    }

    @Test
    void theWayBackToASourceNamesTheOneThatLacksTheRightAndTheOptionThatHelps() throws Exception {
        try (Pair pair = Pair.of(11, 18, directory)) {
            NastySchema.create(pair);
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Run moved = Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
            assertThat(moved.out())
                    .contains(
                            "next: ",
                            "replication reverse " + pair.database + " --target '" + pair.endpoint(pair.source));
            String plain = pair.database + " Plain";
            pair.source.createLogin(plain, SECRET);
            Run reversed = asPlain(pair, plain, "reverse");
            assertThat(reversed.code()).isEqualTo(1);
            assertThat(reversed.err())
                    .contains("on " + pair.endpoint(pair.source) + ", to make subscriptions, which before Postgres 16")
                    .contains("--target-admin-username")
                    .doesNotContain("on " + pair.endpoint(pair.target) + ", to");
            Pair.requireDone(pair.replication("reverse", /* source= */ pair.target, /* target= */ pair.source));
            Run stopped = asPlain(pair, plain, "stop", "--yes");
            assertThat(stopped.code()).isEqualTo(1);
            assertThat(stopped.err())
                    .contains("--target-admin-username", "only a superuser may do that")
                    .doesNotContain("ALTER ROLE", "pg_create_subscription");
            Pair.requireDone(pair.replication("stop", /* source= */ pair.target, /* target= */ pair.source, "--yes"));
        }
    }

    private Run asPlain(Pair pair, String role, String command, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "replication",
                command,
                pair.database,
                "--target",
                "" + pair.endpoint(pair.source),
                "--admin-username",
                pair.target.superuser(),
                "--admin-password-ref",
                "file:" + pair.password(pair.target),
                "--target-admin-username",
                role,
                "--target-admin-password-ref",
                "file:" + Files.writeString(directory.resolve("plain"), SECRET)));
        words.addAll(List.of(more));
        return new Terminalless(pair.registry).run(words.toArray(String[]::new));
    }

    @Test
    void aPlanThatIsNotThereIsMadeWithTheCommandThatIsPrinted() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("there is no such file or folder", "make it with ", "replication plan " + pair.database)
                    .contains(" --file " + pair.file());
        }
    }
}
