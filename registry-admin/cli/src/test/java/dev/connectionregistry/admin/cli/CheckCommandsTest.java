package dev.connectionregistry.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.postgres.SequenceReader;
import dev.connectionregistry.admin.replication.postgres.verify.VerifyServers;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that look at replication, on two real servers. {@link SequenceReader} and the like are behind them. */
@Timeout(120)
class CheckCommandsTest {
    @TempDir
    private Path directory = Path.of("");

    private final InMemoryRegistry registry = new InMemoryRegistry();

    private Run run(VerifyServers servers, Terminal terminal, String command, String... more) throws IOException {
        Path password = directory.resolve("password");
        Files.writeString(password, TestDatabase.SECRET + servers.source.admin);
        registry.put(
                "orders",
                ConnectionSettings.of(
                        servers.source.endpoint(), servers.source.admin, SecretRef.parse("file:" + password)));
        List<String> arguments = new ArrayList<>(List.of("replication", command, "orders"));
        arguments.addAll(List.of("--target", servers.target.endpoint().toString()));
        arguments.addAll(List.of(more));
        Run run = new Terminalless(registry).terminal(terminal).run(arguments.toArray(String[]::new));
        assertThat(run.out() + run.err()).doesNotContain(TestDatabase.SECRET);
        return run;
    }

    private static VerifyServers orders() throws Exception {
        VerifyServers servers = VerifyServers.of(17, 18);
        servers.execute(
                "CREATE TABLE public.\"A rather long name, for a table that is shown at 80 columns\" (id int PRIMARY KEY)");
        servers.source.execute("INSERT INTO public.orders (what) SELECT 'tea' FROM generate_series(1, 100)");
        servers.grant("public");
        for (TestDatabase each : List.of(servers.source, servers.target)) {
            each.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + TestDatabase.q(each.admin));
        }
        servers.replicate().awaitCaughtUp(Duration.ofSeconds(30));
        return servers;
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void showsEverythingInTheWidthThatThereIs(int columns) throws Exception {
        Terminal terminal = new Terminal(false, true, false, false, columns, 24);
        try (VerifyServers servers = orders()) {
            Run status = run(servers, terminal, "status");
            servers.target.execute("DELETE FROM public.orders WHERE id = 17");
            Run missing = run(servers, terminal, "status");
            Run verify = run(servers, terminal, "verify");
            Run sequences = run(servers, terminal, "sequences");
            System.out.println(
                    status.out() + status.err() + verify.out() + verify.err() + sequences.out() + sequences.err());
            for (Run each : List.of(status, missing, verify, sequences)) {
                assertThat(each.out().lines())
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
            }
            assertThat(status.code()).as(status.err()).isZero();
            assertThat(status.out()).contains("at work", "2 of 2 tables follow", "healthy");
            assertThat(missing.code()).isEqualTo(1);
            assertThat(missing.err()).contains("public.orders has 100 rows on the source and 99 on the target");
            assertThat(verify.code()).isEqualTo(1);
            assertThat(verify.out()).contains("id=17 missing on the target", "only keys are shown");
            assertThat(sequences.code()).isEqualTo(1);
            assertThat(sequences.out()).contains("behind");
            assertThat(sequences.err())
                    .containsPattern("next: registry-admin replication sequences \\S+ --target .* --copy\n");
            assertThat(verify.err())
                    .contains("next: a row that is only on the target", "registry-admin replication verify ");
        }
    }

    @Test
    void givesDocumentsAndExitCodes() throws Exception {
        try (VerifyServers servers = orders()) {
            Run status = run(servers, Terminal.NONE, "status", "-o", "json");
            assertThat(Json.read(status.out()))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("healthy", true)
                    .containsKeys("subscriptions", "slots", "tables", "notReplicated", "problems");
            Run verify = run(servers, Terminal.NONE, "verify", "-o", "json", "--full");
            assertThat(verify.code()).as(verify.err()).isZero();
            assertThat(Json.read(verify.out()))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("different", 0)
                    .containsEntry("equal", 2);
            Run copied = run(servers, Terminal.NONE, "sequences", "--copy", "--margin", "10", "-o", "json");
            assertThat(copied.code()).as(copied.err()).isZero();
            assertThat(copied.out()).contains("\"standing\" : \"ahead\"", "\"lastValue\" : 110");
            assertThat(copied.err()).contains("the cutover copies them again");
            assertThat(run(servers, Terminal.NONE, "sequences").out()).contains("1 of 1 sequences are right");
        }
    }

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            assertThat(run(servers, Terminal.NONE, "verify", "--only", "gone").code())
                    .isEqualTo(2);
            assertThat(run(servers, Terminal.NONE, "verify", "--sample", "0.001")
                            .err())
                    .contains("0.01 to 100");
            assertThat(run(servers, Terminal.NONE, "verify", "--settle", "1s").code())
                    .isEqualTo(2);
            assertThat(run(servers, Terminal.NONE, "sequences", "--margin", "5").code())
                    .isEqualTo(2);
            assertThat(run(servers, Terminal.NONE, "status", "--max-lag", "much")
                            .code())
                    .isEqualTo(2);
            assertThat(run(servers, Terminal.NONE, "status").code()).isEqualTo(1);
        }
    }
}
