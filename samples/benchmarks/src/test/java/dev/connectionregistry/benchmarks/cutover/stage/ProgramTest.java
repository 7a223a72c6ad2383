package dev.connectionregistry.benchmarks.cutover.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);

    private final PrivateFolder folder = PrivateFolder.create("program-test-", Optional.empty());

    @AfterEach
    void deleteFolder() throws IOException {
        folder.close();
    }

    @Test
    void outputAndExitCodeAreTheProgramsOwnAndItsFilesStay() {
        try (Program program = sh("echo \"$WORD\"; echo trouble >&2; exit 7", Map.of("WORD", "hello"))) {
            assertThat(program.await(AMPLE)).isEqualTo(7);
        }
        assertThat(folder.tail("test.out", 9)).isEqualTo("hello");
        assertThat(folder.tail("test.err", 9)).isEqualTo("trouble");
    }

    @Test
    void closingKillsTheProgramAndDeletesItsFolder() throws IOException {
        Program program = sh("echo $$ >pid.tmp && mv pid.tmp pid && exec sleep 600", Map.of());
        Deadline.in(AMPLE, "the program's start")
                .await(Duration.ofMillis(5), () -> Files.exists(folder.path().resolve("pid")));
        long pid = Long.parseLong(folder.tail("pid", 1));

        program.close();

        assertThat(program.isAlive()).isFalse();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void whatTakesTooLongIsKilled() {
        Program program = sh("exec sleep 600", Map.of());

        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> program.await(Duration.ofMillis(1)))
                .withMessageContaining("test had not ended");
        assertThat(program.isAlive()).isFalse();
    }

    @Test
    void filesAreTheOwnersAlone() throws IOException {
        folder.write("secret", "one");
        folder.write("secret", "two");

        assertThat(folder.tail("secret", 1)).isEqualTo("two");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.path().resolve("secret"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
    }

    /** In the folder. */
    private Program sh(String script, Map<String, String> environment) {
        return Program.start(
                "test", List.of("sh", "-c", "cd '" + folder.path() + "' && " + script), environment, folder);
    }
}
