package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.local.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;

/** The distribution as operators run it: its launcher, as a process, on a real table. For one test and one thread. */
final class Distribution {
    private static final Path LAUNCHER = Path.of(System.getProperty("registry.admin.home"), "bin", "registry-admin");

    private final LocalDynamoDb server;
    private final String table;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<Process> started = new ArrayList<>();

    /** The result of a process. */
    record Run(int code, String out, String err) {}

    /**
     * Contacts nothing.
     *
     * @param table the table that every command is told to use
     * @param folder where to put what they say
     * @param environment for every command
     */
    Distribution(LocalDynamoDb server, String table, Path folder, Map<String, String> environment) {
        this.server = server;
        this.table = table;
        this.folder = folder;
        this.environment = environment;
    }

    /** Makes the table, with settings of one database, {@code orders}, that is polled every 200 ms. */
    void initWithOrders() throws Exception {
        assertThat(run("init").code()).isZero();
        assertThat(run(("add orders --endpoint db1:5432/orders --username app --password-ref env:PW"
                                        + " --poll-interval 200ms")
                                .split(" ", -1))
                        .code())
                .isZero();
    }

    /** Runs a command to its end. */
    Run run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    /** The same, with more in its environment. */
    Run run(Map<String, String> more, String... arguments) throws Exception {
        return finish(start(more, arguments));
    }

    /** Starts a command; {@link #finish} waits for its end. */
    Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> more, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(LAUNCHER.toString(), "--table", table));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("AWS_REGION", server.region());
        builder.environment().put("AWS_ENDPOINT_URL_DYNAMODB", server.endpoint().toString());
        builder.environment().put("AWS_ACCESS_KEY_ID", server.accessKeyId());
        builder.environment().put("AWS_SECRET_ACCESS_KEY", server.secretAccessKey());
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        builder.redirectOutput(said(started.size(), "out").toFile());
        builder.redirectError(said(started.size(), "err").toFile());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** What it has written to standard error so far. */
    String errorsOf(Process process) throws IOException {
        return Files.readString(said(started.indexOf(process), "err"));
    }

    /** Waits for its end, at most two minutes. */
    Run finish(Process process) throws Exception {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionFailedError("the command did not end: " + errorsOf(process));
        }
        String out = Files.readString(said(started.indexOf(process), "out"));
        return new Run(process.exitValue(), out, errorsOf(process));
    }

    private Path said(int number, String where) {
        return folder.resolve(number + "." + where);
    }
}
