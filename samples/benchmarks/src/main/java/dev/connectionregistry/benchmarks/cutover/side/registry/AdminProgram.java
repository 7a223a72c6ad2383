package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.PrivateFolder;
import dev.connectionregistry.benchmarks.cutover.stage.Program;
import dev.connectionregistry.local.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The built {@code registry-admin}, run as an operator runs it. Immutable. */
public final class AdminProgram {
    private static final String NAME = "registry-admin";
    private static final String PATH = "registry-admin/target/registry-admin/bin/registry-admin";
    private static final Duration TIMEOUT = Duration.ofMinutes(20);
    private static final int TOLD_LINES = 200;

    private final Path program;
    private final Map<String, String> environment;
    private final Cleanup cleanup;

    private AdminProgram(Path program, Map<String, String> environment, Cleanup cleanup) {
        this.program = program;
        this.environment = environment;
        this.cleanup = cleanup;
    }

    /**
     * Looks for the program; nothing is started.
     *
     * @param home the project's root folder
     * @param cleanup ends a command that was interrupted
     * @throws BenchmarkException if it is not built
     */
    public static AdminProgram find(Path home, Cleanup cleanup) {
        Path program = home.resolve(PATH);
        if (!Files.isExecutable(program)) {
            throw new BenchmarkException("registry-admin is not built: there is no " + program
                    + "; run `mvn -DskipTests package` in " + home);
        }
        return new AdminProgram(program, Map.of(), cleanup);
    }

    /** With these variables in its environment: the registry's address, and passwords. */
    public AdminProgram with(Map<String, String> variables) {
        return new AdminProgram(program, Map.copyOf(variables), cleanup);
    }

    /**
     * Runs a command that must succeed.
     *
     * @return what it wrote to standard output
     * @throws BenchmarkException if it doesn't end in twenty minutes, or with another exit code than 0
     */
    public String run(String... arguments) {
        return run(TIMEOUT, List.of(arguments)).required();
    }

    /**
     * Runs a command to its end, whatever that is.
     *
     * @throws BenchmarkException if it doesn't end in time; it is killed then
     */
    Ended run(Duration timeout, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        PrivateFolder folder = cleanup.add(PrivateFolder.create("benchmark-admin-", Optional.empty()));
        Program process = cleanup.add(Program.start(NAME, command, environment, folder));
        try {
            int exitCode = process.await(timeout);
            return new Ended(
                    NAME + " " + String.join(" ", arguments),
                    exitCode,
                    Files.readString(folder.path().resolve(NAME + ".out")),
                    folder.tail(NAME + ".err", TOLD_LINES));
        } catch (IOException e) {
            throw new BenchmarkException("what " + NAME + " wrote cannot be read", e);
        } finally {
            cleanup.closeNow(process);
            cleanup.closeNow(folder);
        }
    }

    /**
     * A command that has ended.
     *
     * @param command with its arguments
     * @param out what it wrote to standard output
     * @param errors the last lines that it wrote to standard error
     */
    record Ended(String command, int exitCode, String out, String errors) {
        /**
         * Its standard output.
         *
         * @throws BenchmarkException if it failed
         */
        String required() {
            if (exitCode != 0) {
                throw new BenchmarkException(
                        "`" + command + "` ended with exit code " + exitCode + ":\n" + errors + "\n" + out);
            }
            return out;
        }
    }
}
