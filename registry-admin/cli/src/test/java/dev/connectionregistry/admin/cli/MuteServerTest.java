package dev.connectionregistry.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose port accepts connections and never says a word. */
@Timeout(180)
class MuteServerTest {
    private static final Duration ONE_LOGIN = Duration.ofSeconds(20);

    private static final String PLAN = """
            database: orders
            tables:
              - schema: public
                table: a
                method: copy
            """;

    @TempDir
    private Path directory = Path.of("");

    private record Timed(Run run, Duration took) {}

    private enum Mute {
        SOURCE,
        TARGET
    }

    @ParameterizedTest
    @EnumSource
    void endsEachCommandWithTheFirstLoginThatFails(Mute mute) throws Exception {
        TestDatabase source = TestDatabase.on(17);
        Files.writeString(directory.resolve("made.yaml"), PLAN);
        List<String> commands = List.of(
                "preflight",
                "cutover",
                "replication status",
                "replication verify",
                "replication sequences",
                "replication stop --yes",
                "replication plan --file " + directory.resolve("plan.yaml"),
                "replication start --plan " + directory.resolve("made.yaml"),
                "replication reverse");
        try (TcpGate gate = TcpGate.to(source.server.host(), source.server.port())) {
            gate.hang();
            ExecutorService threads = Executors.newFixedThreadPool(commands.size());
            Map<String, Future<Timed>> running = new LinkedHashMap<>();
            commands.forEach(each -> running.put(each, threads.submit(() -> run(each, source, gate, mute))));
            for (Map.Entry<String, Future<Timed>> each : running.entrySet()) {
                Timed timed = each.getValue().get();
                assertThat(timed.took()).as(each.getKey()).isLessThan(ONE_LOGIN);
                assertThat(timed.run().code()).isEqualTo(1);
                assertThat(timed.run().out() + timed.run().err())
                        .as(each.getKey())
                        .contains("can't log in as " + source.server.superuser() + " at 127.0.0.1:" + gate.port());
            }
            threads.shutdownNow();
            assertThat(Objects.requireNonNull(running.get("preflight"))
                            .get()
                            .run()
                            .err())
                    .contains("error: 1 of ", "could not run");
        }
    }

    private Timed run(String command, TestDatabase source, TcpGate gate, Mute mute) throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        Path password = Files.createTempFile(directory, "password", "");
        Files.writeString(password, source.server.password());
        Endpoint live = source.endpoint();
        Endpoint silent = new Endpoint("127.0.0.1", gate.port(), live.databaseName());
        registry.put(
                "orders",
                ConnectionSettings.of(
                        mute == Mute.SOURCE ? silent : live,
                        source.server.superuser(),
                        SecretRef.parse("file:" + password)));
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.addAll(
                command.startsWith("replication") ? 2 : 1,
                List.of(
                        "orders",
                        command.startsWith("cutover") ? "--to" : "--target",
                        String.valueOf(mute == Mute.SOURCE ? live : silent)));
        long begun = System.nanoTime();
        Injector real = Guice.createInjector(new ServersModule());
        Run run = new Terminalless(
                        registry, real.getInstance(CutoverServers.class), real.getInstance(ServerChecks.class))
                .run(words.toArray(String[]::new));
        return new Timed(run, Duration.ofNanos(System.nanoTime() - begun));
    }
}
