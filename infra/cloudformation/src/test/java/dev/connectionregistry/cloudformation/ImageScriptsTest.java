package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that bring images and an engine, with programs that only write down how they were called. */
class ImageScriptsTest {
    private static final Path SCRIPTS = Path.of(System.getProperty("infra.folder", ".."))
            .resolve("ci-images")
            .toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void programs() throws IOException {
        Files.createDirectory(folder.resolve("bin"));
        for (String name : List.of(
                "awk",
                "bash",
                "cat",
                "cut",
                "dirname",
                "env",
                "grep",
                "mkdir",
                "mktemp",
                "mv",
                "rm",
                "sed",
                "seq",
                "sha256sum",
                "sleep",
                "tail",
                "timeout",
                "touch")) {
            Files.createSymbolicLink(folder.resolve("bin").resolve(name), real(name));
        }
        program("id", "echo 0");
        program("mmdebstrap", "for each in \"$@\"; do case $each in *.part) touch \"$each\" ;; esac; done");
    }

    private static Path real(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name));
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(
                folder.resolve("bin").resolve(name),
                "#!/usr/bin/env bash\necho \"" + name + " ${1:-}\" >>\"$CALLS\"\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void whatCanBePulledIsNotBuilt() throws Exception {
        program("docker", "case $1 in image) exit 1 ;; pull) echo '17: Pulling from library/postgres' ;; esac");
        assertThat(run("build", "postgres:17")).contains("pulled postgres:17");
        assertThat(calls()).contains("docker pull").doesNotContain("mmdebstrap --mode=root", "docker import");
    }

    @Test
    void whatCanNotBePulledIsBuiltAndTheRegistryIsNotAskedAgain() throws Exception {
        program("docker", "case $1 in image) exit 1 ;; pull) echo 'no such host' >&2; exit 1 ;; esac");
        assertThat(run("build", "postgres:15", "postgres:17"))
                .contains("postgres:15 could not be pulled: no such host", "importing postgres:17");
        assertThat(calls()).filteredOn("docker pull"::equals).hasSize(1);
        assertThat(calls()).filteredOn("docker import"::equals).hasSize(2);
    }

    @Test
    void whoForcesABuildPullsNothing() throws Exception {
        program("docker", "case $1 in image) exit 1 ;; esac");
        run("build", "--force", "postgres:17");
        assertThat(calls()).contains("docker import").doesNotContain("docker pull");
    }

    /** As Debian's package does where there is systemd. */
    @Test
    void anEngineThatStartsWithItsPackageIsUsedAndLeft() throws Exception {
        program("docker", "[ -e \"${CALLS%/*}/installed\" ]");
        program("apt-get", "if [[ $* = *install* ]]; then touch \"${CALLS%/*}/installed\"; fi");
        program("the-command", ":");
        assertThat(run("with-engine", "the-command"))
                .contains("installing docker.io")
                .doesNotContain("started dockerd");
        assertThat(calls()).contains("apt-get -q", "the-command ");
    }

    private String run(String script, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of(SCRIPTS.resolve(script).toString()), Arrays.stream(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("output").toFile());
        builder.environment().remove("DOCKER");
        builder.environment().put("PATH", folder.resolve("bin").toString());
        builder.environment().put("CALLS", folder.resolve("calls").toString());
        builder.environment().put("CI_IMAGES_CACHE", folder.resolve("cache").toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(folder.resolve("output"));
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }
}
