package dev.connectionregistry.core.internal.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileSecretsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does
    private Path folder;

    private final FileSecrets secrets = new FileSecrets();

    @AfterEach
    void nothingIsLeft() {
        secrets.close();
        Leftovers.awaitNoThreads();
    }

    private String read(Path file) throws SecretException {
        SecretRef reference = new SecretRef("file", file.toString());
        return secrets.resolve(new SecretRequest(reference, Endpoint.parse("db1:5432/orders"), "app"))
                .reveal();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void isTheContentWithoutTheLineBreakAtItsEnd() throws Exception {
        assertThat(read(file("a", "hunter2\n"))).isEqualTo("hunter2");
        assertThat(read(file("b", "hünter2 \r\n"))).isEqualTo("hünter2 ");
        assertThat(read(file("c", "x".repeat(64 * 1024)))).hasSize(64 * 1024);
    }

    @Test
    void followsTheLinksOfAMountedSecret() throws Exception {
        Files.createDirectory(folder.resolve("..2026_11"));
        Files.writeString(folder.resolve("..2026_11/password"), "one");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11"));
        Path link = Files.createSymbolicLink(folder.resolve("password"), Path.of("..data/password"));
        assertThat(read(link)).isEqualTo("one");
        Files.writeString(folder.resolve("..2026_11/password"), "two");
        assertThat(read(link)).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/environ", "/dev/zero", "/dev/stdin", "/sys/kernel/uevent_seqnum"})
    void kernelFilesAreNotReadUnderWhicheverName(String file) throws Exception {
        assertThatThrownBy(() -> read(Path.of(file))).hasMessageContaining("where nothing is read");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(file));
        if (!file.equals("/dev/stdin")) { // which leads to a file of any sort
            assertThatThrownBy(() -> read(link)).hasMessageContaining("where nothing is read");
        }
    }

    @Test
    void aPipeIsRefusedAtOnceAndNobodyIsLeftWaitingForIt() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> read(pipe)).hasMessageContaining(pipe + " is not a regular file");
    }

    @Test
    void whatIsTooLargeEmptyOrNoTextIsNamed() throws Exception {
        Path large = file("large", "x".repeat(64 * 1024 + 1));
        assertThatThrownBy(() -> read(large)).hasMessageContaining(large + " is larger than 64 KiB");
        assertThatThrownBy(() -> read(file("empty", "\n"))).hasMessageContaining("is empty");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> read(binary)).hasMessageContaining("is not UTF-8 text");
        assertThatThrownBy(() -> read(folder)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> read(folder.resolve("no-such"))).hasMessageContaining("NoSuchFileException");
    }

    @Test
    void aReadOnAnInterruptedThreadEndsAtOnce() throws Exception {
        Path file = file("a", "hunter2");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> read(file)).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
