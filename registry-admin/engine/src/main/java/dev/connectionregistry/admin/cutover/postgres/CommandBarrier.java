package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs the operator's command again and again until it exits with 0: for replicators that only their own tools can ask.
 * Its answer is trusted. It inherits this process's environment, with the position added and without the variables that
 * are withheld; no argument is added, and there is no shell but the one that the command itself may name. Its output is
 * dropped. Its process and those it started are killed at the bound. For one thread.
 */
final class CommandBarrier implements Barrier {
    /** The source's end of WAL, after the fence. */
    static final String POSITION = "REGISTRY_WAL_POSITION";

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<String> command;
    private final Set<String> withheld;

    /** The program and its arguments, and the variables that are none of its business. */
    CommandBarrier(List<String> command, Set<String> withheld) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the caught-up command is empty");
        }
        this.command = List.copyOf(command);
        this.withheld = Set.copyOf(withheld);
    }

    @Override
    public String describe() {
        return "command " + command.get(0) + " to exit with 0";
    }

    @Override
    public void check(Duration bound) throws ServerException {
        String program = command.get(0);
        boolean found = program.indexOf(File.separatorChar) >= 0
                ? Files.isExecutable(Path.of(program))
                : Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "there is no program " + program + " that this process may execute; give its path",
                    null);
        }
    }

    @Override
    public String await(SourceServer source, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        String position = source.walPosition(end.left());
        try {
            String before = "";
            while (true) {
                OptionalInt exit = run(position, end);
                if (exit.isEmpty()) {
                    throw timedOut("was still running and was killed" + before, end);
                }
                if (exit.getAsInt() == 0) {
                    return position + " by command " + command.get(0);
                }
                if (end.passed()) {
                    throw timedOut("exited with " + exit.getAsInt(), end);
                }
                before = ", after it had exited with " + exit.getAsInt();
                end.pause(PAUSE);
            }
        } catch (IOException e) {
            throw new ServerException(Kind.REFUSED, "can't start " + command.get(0) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("wait for " + describe(), e);
        }
    }

    /** How it exited; empty if it was killed at the bound. */
    private OptionalInt run(String position, Deadline bound) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File(nullDevice())))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(withheld);
        builder.environment().put(POSITION, position);
        Process process = builder.start();
        try {
            return process.waitFor(bound.millisLeft(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String nullDevice() {
        return File.separatorChar == '\\' ? "NUL" : "/dev/null";
    }

    private ServerException timedOut(String how, Deadline bound) {
        return new ServerException(
                Kind.TIMED_OUT,
                "command " + command.get(0) + " did not report that the target had caught up within "
                        + bound.whole().toMillis() + " ms; at the end it " + how,
                null);
    }

    /** Nothing is kept open. */
    @Override
    public void close() {}
}
