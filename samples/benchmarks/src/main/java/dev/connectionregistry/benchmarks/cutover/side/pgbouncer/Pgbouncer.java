package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.benchmarks.cutover.stage.PrivateFolder;
import dev.connectionregistry.benchmarks.cutover.stage.Program;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalPostgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A pgbouncer on loopback, in front of one database. Thread-safe; the caller must close it. */
public final class Pgbouncer implements AutoCloseable {
    private static final String NAME = "pgbouncer";
    private static final String FILE = "pgbouncer.ini";
    private static final String UNPRIVILEGED_USER = "nobody";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration START_PAUSE = Duration.ofMillis(20);
    private static final int LOG_LINES = 10;

    private final Configuration configuration;
    private final Login administrator;
    private final PrivateFolder folder;
    private final Program process;
    private final Cleanup cleanup;

    private Pgbouncer(
            Configuration configuration, Login administrator, PrivateFolder folder, Program process, Cleanup cleanup) {
        this.configuration = configuration;
        this.administrator = administrator;
        this.folder = folder;
        this.process = process;
        this.cleanup = cleanup;
    }

    /** Where the program is: in the PATH, or where Debian puts it. */
    public static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part, NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one in front of the source, and waits until it answers.
     *
     * @throws BenchmarkException if it doesn't in ten seconds
     */
    static Pgbouncer start(Path program, DatabasePair pair, Cleanup cleanup) {
        Optional<String> runAs =
                "root".equals(System.getProperty("user.name")) ? Optional.of(UNPRIVILEGED_USER) : Optional.empty();
        Login administrator = pair.servers().operator();
        PrivateFolder folder = cleanup.add(PrivateFolder.create("benchmark-pgbouncer-", runAs));
        Path users = folder.write(
                "users.txt", Configuration.users(List.of(pair.servers().application(), administrator)));
        Path access = folder.write("access.conf", Configuration.access(administrator.role()));
        Configuration configuration =
                new Configuration(freePort(), pair.name(), administrator.role(), users, access, runAs);
        Path file = folder.write(FILE, configuration.text(pair.servers().old()));
        Program process =
                cleanup.add(Program.start(NAME, List.of(program.toString(), file.toString()), Map.of(), folder));
        Pgbouncer pgbouncer = new Pgbouncer(configuration, administrator, folder, process, cleanup);
        pgbouncer.awaitReady();
        return pgbouncer;
    }

    private void awaitReady() {
        try {
            Deadline.in(START_TIMEOUT, "pgbouncer's first answer")
                    .await(START_PAUSE, () -> !process.isAlive() || answers());
        } catch (BenchmarkException e) {
            String log = log();
            close();
            throw new BenchmarkException("the end of pgbouncer's log:\n" + log + "\nit doesn't answer", e);
        }
        if (!process.isAlive()) {
            String log = log();
            close();
            throw new BenchmarkException("pgbouncer ended while it was starting; end of its log:\n" + log);
        }
    }

    private boolean answers() {
        try (Console console = console()) {
            console.execute("SHOW VERSION");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** It was free a moment ago. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchmarkException("there is no free port for pgbouncer", e);
        }
    }

    /** Where clients connect; without user and password. */
    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + configuration.port() + "/" + database;
    }

    /** Properties of the driver for loopback. */
    static Properties plainText() {
        Properties driver = new Properties();
        driver.setProperty("sslmode", "disable");
        driver.setProperty("gssEncMode", "disable");
        return driver;
    }

    /**
     * Its console, which the caller must close.
     *
     * @throws IOException if nobody answers, or the login is refused
     */
    Console console() throws IOException {
        return Console.open(configuration.port(), administrator);
    }

    /** Writes the file again; it counts from the next {@code RELOAD}. */
    void pointTo(LocalPostgres server) {
        folder.write(FILE, configuration.text(server));
    }

    /** The end of its log. */
    String log() {
        return folder.tail(NAME + ".err", LOG_LINES);
    }

    /** Ends it and deletes its files. Idempotent. */
    @Override
    public void close() {
        cleanup.closeNow(process);
        cleanup.closeNow(folder);
    }
}
