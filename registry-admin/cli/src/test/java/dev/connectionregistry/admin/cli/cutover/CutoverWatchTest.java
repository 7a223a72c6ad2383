package dev.connectionregistry.admin.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.Console.OutputSettings;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.coordinator.StatusReader;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.server.AdminDefaults;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CutoverWatchTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void aLockThatIsTakenAndGivenBack() {
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")));
        registry.writeLock(lock(1, true));
        timing.at(SECOND.multipliedBy(2), () -> registry.writeLock(lock(2, false)));
        timing.at(SECOND.multipliedBy(4), timing::stop);
    }

    private static CutoverLock lock(long epoch, boolean held) {
        return new CutoverLock(Stage.ORDERS, epoch, "c-1", held, "t" + epoch, "alice", Instant.EPOCH);
    }

    private List<String> watch(boolean json, Terminal terminal) {
        CommandText commands = new CommandText(() -> "registry-admin");
        FleetWatcher watcher = new FleetWatcher(registry, timing);
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                Map.of(),
                () -> new OutputSettings(json, false, OutputSettings.Color.NEVER));
        new CutoverWatch(
                        new StatusReader(
                                new SettingsReader(registry, commands),
                                registry,
                                watcher,
                                commands,
                                AdminDefaults.NONE),
                        watcher,
                        timing,
                        console)
                .run(Stage.ORDERS, SECOND);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void tellsEachChangeOnceAsALineWhereThereIsNoTerminal() {
        assertThat(watch(false, Terminal.NONE))
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).contains("lock: held by cutover c-1, epoch 1"),
                        line -> assertThat(line).contains("version 1: db1:5432/orders"),
                        line -> assertThat(line).contains("lock: free; last held by cutover c-1, epoch 2"));
    }

    @Test
    void givesOneDocumentALineAsJson() {
        assertThat(watch(true, Terminal.NONE)).hasSize(4).allSatisfy(line -> assertThat(
                        ((Map<?, ?>) Json.read(line)).containsKey("lock"))
                .isTrue());
    }

    @Test
    void redrawsItInPlaceOnATerminal() {
        watch(false, new Terminal(true, true, true, true, 100, 30));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\u001b[", "lock: held", "lock: free", "next: ");
    }

    @Test
    void marksWhatIsCutOnANarrowTerminal() {
        watch(false, new Terminal(true, true, true, true, 40, 30));
        assertThat(drawn()).allMatch(line -> line.length() <= 39);
        assertThat(drawn())
                .anyMatch(line -> line.startsWith("lock: held by cutover c-1") && line.endsWith("~"))
                .anyMatch(line -> line.startsWith("next: ") && line.endsWith("~"));
    }

    /** Without what moves the cursor. */
    private List<String> drawn() {
        return out.toString(StandardCharsets.UTF_8)
                .replaceAll("\u001b\\[[?0-9;]*[A-Za-z]|\r", "")
                .lines()
                .toList();
    }

    @Test
    void goesOnThroughAnOutage() {
        timing.at(
                SECOND.multipliedBy(3),
                () -> registry.fail(new RegistryException(
                        RegistryException.Kind.UNREACHABLE, "the registry is out of reach", null)));
        assertThat(watch(false, Terminal.NONE)).hasSize(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the registry is out of reach");
    }
}
