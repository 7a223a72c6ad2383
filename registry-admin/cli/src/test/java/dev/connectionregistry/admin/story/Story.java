package dev.connectionregistry.admin.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Two servers, a registry, and the program that is run on them, command by command. The caller closes it. */
final class Story implements AutoCloseable {
    private static final String SECRET = "hush-hush";
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());

    final Names names;
    final LocalPostgres source;
    final LocalPostgres target;
    final InMemoryRegistry registry = new InMemoryRegistry();
    private final Path directory;
    private final Terminalless program = new Terminalless(
            registry, SERVERS.getInstance(CutoverServers.class), SERVERS.getInstance(ServerChecks.class));

    Story(int sourceMajor, int targetMajor, Names names, Path directory) throws SQLException, IOException {
        this.names = names;
        this.directory = directory;
        this.source = LocalPostgres.start(sourceMajor);
        this.target = LocalPostgres.start(targetMajor);
        for (LocalPostgres each : List.of(source, target)) {
            each.createDatabase(names.postgres());
            each.createLogin(names.role(), SECRET);
            each.execute("postgres", "REVOKE ALL ON SCHEMA public FROM PUBLIC");
            each.execute(names.postgres(), names.statements().toArray(String[]::new));
        }
        source.execute(names.postgres(), names.rows().toArray(String[]::new));
        registry.put(
                names.database(),
                ConnectionSettings.of(endpoint(source), names.role(), SecretRef.parse("file:" + file("app", SECRET)))
                        .withPolling(Polling.every(Duration.ofMillis(300))));
    }

    Endpoint endpoint(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), names.postgres());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Makes publication, slot and subscription, and waits until all tables follow. */
    void replicate() throws Exception {
        Path plan = directory.resolve("plan.yaml");
        done("replication plan", source, target, "--file", plan.toString());
        done("replication start", source, target, "--plan", plan.toString());
        done("replication status", source, target);
    }

    /** Cuts the services over, and turns replication round. */
    void cutOver(LocalPostgres from, LocalPostgres to) throws Exception {
        done("cutover", from, to, "--reverse-slot", "--verify-table", names.table(names.counter()));
        assertThat(registry.read(new DatabaseName(names.database())))
                .isInstanceOfSatisfying(ReadResult.Found.class, found -> assertThat(
                                found.settings().settings().endpoint())
                        .isEqualTo(endpoint(to)));
        done("replication reverse", to, from);
        done("replication status", to, from);
    }

    /** Every table must be equal, whole rows, while services write. */
    void verify(LocalPostgres source, LocalPostgres target) throws Exception {
        Run run = done("replication verify", source, target, "--full", "--output", "json");
        assertThat((Map<?, ?>) Json.read(run.out()))
                .extracting("equal", "different", "notCompared")
                .as(run.out())
                .containsExactly(3, 0, 0);
    }

    /** Lifts the fence that the last cutover left on a server, with the statements that status prints. */
    void liftFence(LocalPostgres left) throws SQLException {
        Run run = program.run("cutover", "status", names.database(), "--output", "json");
        List<?> down = (List<?>) Objects.requireNonNull(((Map<?, ?>) Json.read(run.out())).get("fenceDown"), run.out());
        left.execute(names.postgres(), down.stream().map(String::valueOf).toArray(String[]::new));
    }

    /** Runs a command that must succeed, on the server where the services are and the other one. */
    Run done(String command, LocalPostgres source, LocalPostgres target, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
        String other = command.equals("cutover") ? "--to" : "--target";
        all.addAll(List.of(names.database(), other, endpoint(target).toString()));
        all.addAll(List.of("--admin-username", source.superuser()));
        all.addAll(List.of("--admin-password-ref", "file:" + file("admin" + source.port(), source.password())));
        all.addAll(List.of("--target-admin-username", target.superuser()));
        all.addAll(List.of("--target-admin-password-ref", "file:" + file("admin" + target.port(), target.password())));
        all.addAll(List.of(options));
        Run run = program.run(all.toArray(String[]::new));
        assertThat(run.code()).as(command + "\n" + run.out() + run.err()).isZero();
        assertThat(run.out() + run.err()).doesNotContain(SECRET, source.password(), target.password());
        return run;
    }

    List<String> strings(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect(names.postgres());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (row.next()) {
                strings.add(row.getString(1));
            }
            return strings;
        }
    }

    @Override
    public void close() {
        target.close();
        source.close();
    }
}
