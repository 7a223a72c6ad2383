package dev.connectionregistry.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A shell beside a server that outlives this JVM for a moment: when the pipe from the JVM breaks, for whatever reason,
 * it ends the server, even if that is frozen, and deletes its folder.
 */
final class Watcher {

    private static final Duration END_TIMEOUT = Duration.ofSeconds(15);

    private final Path folder;
    private final Path pidFile;
    private final ChildProcess shell;

    private Watcher(Path folder, ChildProcess shell) {
        this.folder = folder;
        this.pidFile = folder.resolve("server.pid");
        this.shell = shell;
    }

    /** Creates a folder for one server, and a shell that watches it. */
    static Watcher start(String name, String endingSignal) {
        try (InputStream script = Watcher.class.getResourceAsStream("watch.sh")) {
            String text = new String(
                    Objects.requireNonNull(script, "watch.sh is not in the jar").readAllBytes(),
                    StandardCharsets.UTF_8);
            Path folder = Files.createTempDirectory(name + "-");
            Path log = Files.createFile(folder.resolve("watcher.log"));
            List<String> command = List.of("sh", "-c", text, "watch.sh", folder.toString(), endingSignal);
            return new Watcher(folder, ChildProcess.start(command, log));
        } catch (IOException e) {
            throw new LocalServerException("Cannot make a folder for " + name, e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Makes a shell write its process id to the expected file and then replace itself with the server. */
    ChildProcess launch(List<String> server, Path log) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo $$ >\"$0\" && exec \"$@\""));
        command.add(pidFile.toString());
        command.addAll(server);
        return ChildProcess.start(command, log);
    }

    /** Call this when the server has ended: another process may soon have its process id. */
    void serverEnded() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new LocalServerException("Cannot delete " + pidFile, e);
        }
    }

    /** Ends the server if it is still running, deletes the folder and ends the shell. */
    void end() {
        if (!Files.exists(pidFile)) {
            shell.writeLine("stopped");
        }
        shell.closeInput();
        shell.awaitExit(END_TIMEOUT);
        ChildProcess.deleteTree(folder);
    }
}
