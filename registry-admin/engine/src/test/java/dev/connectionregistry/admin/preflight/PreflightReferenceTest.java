package dev.connectionregistry.admin.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.journal.JournalHistory;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.preflight.postgres.PostgresChecks;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference says what the program does. */
class PreflightReferenceTest {
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference.md");

    @Test
    void listsEveryCheckWithItsReasonAndNoOther() throws IOException {
        InMemoryRegistry registry = new InMemoryRegistry();
        SystemTiming timing = new SystemTiming();
        FleetWatcher watcher = new FleetWatcher(registry, timing);
        Preflight preflight = new Preflight(
                new PostgresChecks(login -> {
                    throw new AssertionError("nobody logs in");
                }),
                new FleetChecks(watcher, new JournalHistory(registry), new OtherNames(registry, watcher)),
                timing);
        List<String> rows = Stream.of(Group.values())
                .flatMap(group -> preflight.all().stream().filter(about -> about.group() == group))
                .map(about -> "| " + about.group().word() + " | `" + about.name() + "` | " + about.reason() + " |")
                .toList();
        List<String> documented = Files.readAllLines(REFERENCE).stream()
                .filter(line -> line.matches("\\| ("
                        + String.join(
                                "|", Stream.of(Group.values()).map(Group::word).toList()) + ") \\| `.*"))
                .toList();
        assertThat(documented).containsExactlyElementsOf(rows);
    }
}
