package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.instance.AnchoredClock;
import dev.connectionregistry.samples.fleet.instance.Lifeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs the real {@code registry-admin}, as an operator would, and shows what was typed and what came of it. */
public final class OperatorShell {
    private static final String PROGRAM = "registry-admin";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final String PATH = "registry-admin/target/registry-admin/bin/registry-admin";

    private final Path program;
    private final Path folder;
    private final Map<String, String> environment;
    private final Cleanup cleanup;
    private final AnchoredClock clock;
    private final Consumer<String> screen;
    private final List<Command> commands = new ArrayList<>();

    /**
     * A command that has ended.
     *
     * @param line as it was typed
     * @param startMicros when it was started
     * @param endMicros when it had ended
     * @param exitCode its exit code
     * @param output what it printed, standard error included
     */
    public record Command(String line, long startMicros, long endMicros, int exitCode, List<String> output) {
        /** Copies the output. */
        public Command {
            output = List.copyOf(output);
        }
    }

    /**
     * On a built registry-admin.
     *
     * @param home the project's root folder
     * @param folder where the commands are given
     * @param environment how to reach the registry
     * @param screen told of each line
     */
    public OperatorShell(
            Path home,
            Path folder,
            Map<String, String> environment,
            Cleanup cleanup,
            AnchoredClock clock,
            Consumer<String> screen) {
        this.program = home.resolve(PATH);
        this.folder = folder;
        this.environment = environment;
        this.cleanup = cleanup;
        this.clock = clock;
        this.screen = screen;
    }

    /**
     * Looks for the program, before anything is started.
     *
     * @throws DemoException if it is not built
     */
    public static void requireBuilt(Path home) {
        if (!Files.isExecutable(home.resolve(PATH))) {
            throw new DemoException("registry-admin is not built: there is no " + home.resolve(PATH)
                    + "; run `mvn -DskipTests package` in " + home);
        }
    }

    /**
     * Runs a command that must succeed.
     *
     * @throws DemoException if it does not end in two minutes, or ends with another exit code than 0
     */
    public void require(String... arguments) throws InterruptedException {
        Command command = run(arguments);
        if (command.exitCode() != 0) {
            throw new DemoException("`" + command.line() + "` ended with exit code " + command.exitCode());
        }
    }

    /**
     * Runs a command to its end, whatever its exit code is.
     *
     * @throws DemoException if it does not end in two minutes
     */
    public Command run(String... arguments) throws InterruptedException {
        return run(line -> true, arguments);
    }

    /**
     * The same, showing only some of the lines and how many there are besides.
     *
     * @param wanted asked of each line, in order, from another thread
     * @throws DemoException if it does not end in two minutes
     */
    public Command run(Predicate<String> wanted, String... arguments) throws InterruptedException {
        String line = typed(arguments);
        screen.accept("$ " + line);
        AtomicInteger leftOut = new AtomicInteger();
        Consumer<String> shown = text -> {
            if (wanted.test(text)) {
                screen.accept("  " + text);
            } else {
                leftOut.incrementAndGet();
            }
        };
        Command command = execute(arguments, line, shown, Optional.empty());
        if (leftOut.get() > 0) {
            screen.accept("  (" + leftOut + " lines more)");
        }
        commands.add(command);
        return command;
    }

    /**
     * Runs a command for what it prints, showing nothing; it isn't among {@link #commands}.
     *
     * @throws DemoException if it does not end in two minutes, or ends with another exit code than 0
     */
    public String ask(String... arguments) throws InterruptedException {
        return asked(0, arguments);
    }

    /**
     * The same of a command that may say with exit code 1 that something is not as it should be.
     *
     * @throws DemoException if it does not end in two minutes, or ends with another exit code than 0 or 1
     */
    public String askAnyway(String... arguments) throws InterruptedException {
        return asked(1, arguments);
    }

    private String asked(int highest, String... arguments) throws InterruptedException {
        String line = typed(arguments);
        List<String> talk = new CopyOnWriteArrayList<>();
        Command command = execute(arguments, line, text -> {}, Optional.of(talk));
        String output = String.join("\n", command.output());
        if (command.exitCode() > highest || output.isEmpty()) {
            throw new DemoException("`" + line + "` ended with exit code " + command.exitCode() + " and printed:\n"
                    + String.join("\n", talk) + "\n" + output);
        }
        return output;
    }

    /** All that has been run. */
    public List<Command> commands() {
        return List.copyOf(commands);
    }

    /** Standard error is in the output as well, unless there is another place for it. */
    private Command execute(String[] arguments, String line, Consumer<String> shown, Optional<List<String>> talk)
            throws InterruptedException {
        List<String> whole = new ArrayList<>(List.of(program.toString()));
        whole.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(Lifeline.command(whole))
                .directory(folder.toFile())
                .redirectErrorStream(talk.isEmpty());
        builder.environment().putAll(environment);
        try {
            long start = clock.micros();
            Process process = builder.start();
            cleanup.add(process::destroyForcibly);
            List<String> output = new CopyOnWriteArrayList<>();
            List<Thread> readers = new ArrayList<>();
            readers.add(reading(process.inputReader(StandardCharsets.UTF_8), output, shown));
            talk.ifPresent(
                    lines -> readers.add(reading(process.errorReader(StandardCharsets.UTF_8), lines, text -> {})));
            if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new DemoException("`" + line + "` had not ended after " + TIMEOUT.toSeconds() + " s");
            }
            for (Thread reader : readers) {
                reader.join(TIMEOUT.toMillis());
            }
            if (cleanup.isClosed()) {
                throw new DemoException("`" + line + "` was interrupted");
            }
            return new Command(line, start, clock.micros(), process.exitValue(), output);
        } catch (IOException e) {
            throw new DemoException("cannot run " + program, e);
        }
    }

    /** As a shell would have to be given it. */
    private static String typed(String... arguments) {
        StringBuilder line = new StringBuilder(PROGRAM);
        for (String argument : arguments) {
            line.append(' ').append(argument.indexOf(' ') < 0 ? argument : "'" + argument + "'");
        }
        return line.toString();
    }

    private static Thread reading(BufferedReader from, List<String> output, Consumer<String> shown) {
        Thread reader = new Thread(() -> read(from, output, shown), "output of " + PROGRAM);
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private static void read(BufferedReader from, List<String> output, Consumer<String> shown) {
        try (BufferedReader lines = from) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                shown.accept(line);
            }
        } catch (IOException closed) {
            // the process was ended
        }
    }
}
