package dev.connectionregistry.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real bash completes with the script, where the program that it asks for names is one that answers. */
@Timeout(60)
class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path directory = Path.of("");

    private String complete(String... words) throws Exception {
        Path answers = directory.resolve("registry-admin");
        Files.writeString(
                answers,
                "#!/bin/bash\necho \"$@\" >> " + directory.resolve("asked")
                        + "\nprintf '[\\n  {\\n    \"database\" : \"orders\",\\n    \"endpoint\" : { \"databaseName\" : \"no\" } },"
                        + "\\n  { \"database\" : \"old-orders\" } ]\\n'\n");
        assertThat(answers.toFile().setExecutable(true)).isTrue();
        Path script = directory.resolve("completion");
        Files.writeString(
                script,
                new Terminalless(new InMemoryRegistry())
                        .run("generate-completion")
                        .out());
        Path run = directory.resolve("run");
        Files.writeString(
                run,
                "source " + script + "\nCOMP_WORDS=(" + answers + " " + String.join(" ", words)
                        + ")\nCOMP_LINE=\"${COMP_WORDS[*]}\"\n"
                        + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\nCOMPREPLY=()\n"
                        + "_complete_registry_admin_with_databases 2>/dev/null\necho \"${COMPREPLY[@]}\"\n");
        Process bash = new ProcessBuilder(BASH.toString(), run.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out.strip();
    }

    @Test
    void completesDatabasesFromTheTableThatTheOptionsName() throws Exception {
        assumeTrue(Files.isExecutable(BASH));
        assertThat(complete("--table", "other", "show", "''")).isEqualTo("orders old-orders");
        assertThat(Files.readString(directory.resolve("asked"))).isEqualTo("--table other list --output json\n");
        assertThat(complete("replication", "status", "ol")).isEqualTo("old-orders");
    }

    @Test
    void completesOptionsAndTheNamesOfChecks() throws Exception {
        assumeTrue(Files.isExecutable(BASH));
        assertThat(complete("cutover", "orders", "--verify-t").strip()).isEqualTo("--verify-table");
        assertThat(complete("preflight", "orders", "--skip-check", "fleet-al")).isEqualTo("fleet-alive");
        assertThat(complete("cutover", "orders", "--skip-check", "fleet-al")).isEqualTo("fleet-alive");
    }
}
