package dev.connectionregistry.local;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local as a separate process: in memory, on loopback, without telemetry.
 *
 * <p>It ends with the JVM that started it, even if that JVM is killed. {@link #stop()} loses the data; to simulate an
 * outage that keeps it, use {@link #pause()} or put a {@link TcpGate} in front. It accepts a TTL setting but deletes no
 * expired items.
 *
 * <p>DynamoDB Local is proprietary software of Amazon, licensed for development and test. Maven fetches it for these
 * purposes only; nothing here is compiled against it, and it must not be shipped.
 *
 * <p>Thread-safe. The caller owns the server and must {@link #close()} it.
 */
public final class LocalDynamoDb implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    private final Builder settings;
    private final Watcher watcher;
    private final Turn turn = new Turn();
    private final ServerProcess process; // guarded by "turn"
    private boolean closed; // guarded by "turn"
    private volatile int port;
    private volatile Path log;

    private LocalDynamoDb(Builder settings) {
        this.settings = settings;
        this.port = settings.port;
        this.watcher = Watcher.start("local-dynamodb", "KILL");
        this.process = new ServerProcess(watcher);
        this.log = watcher.folder().resolve("dynamodb.log");
    }

    /**
     * Starts a server on a free port and waits until it answers.
     *
     * @throws LocalServerException if it does not answer within 30 seconds, or its jars are missing
     */
    public static LocalDynamoDb start() {
        return builder().start();
    }

    /** A builder, for settings other than the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where to send requests: {@code http://127.0.0.1:port}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The port on 127.0.0.1; the same for the whole life of this object. */
    public int port() {
        return port;
    }

    /** A region to configure clients with; the server ignores it. */
    public String region() {
        return "eu-central-1";
    }

    /** A made-up key; the server wants it alphanumeric and checks nothing else. */
    public String accessKeyId() {
        return "LOCALACCESSKEY";
    }

    /** A made-up secret. */
    public String secretAccessKey() {
        return "LOCALSECRETKEY";
    }

    /** The server's output. Deleted by {@link #close()} unless {@link Builder#logDirectory} was given. */
    public Path log() {
        return log;
    }

    /** The server's process id. */
    public long pid() {
        return turn.get(() -> process.running(this).pid());
    }

    /** Freezes the process (SIGSTOP): the kernel accepts connections, but nothing answers. */
    public void pause() {
        turn.run(() -> process.running(this).signal("STOP"));
    }

    /** Ends a {@link #pause()}. */
    public void resume() {
        turn.run(() -> process.running(this).signal("CONT"));
    }

    /** Kills the process: connections are refused, all tables are lost. Does nothing if it isn't running. */
    public void stop() {
        turn.run(process::kill);
    }

    /**
     * Starts an empty server on the same port after {@link #stop()}.
     *
     * @throws LocalServerException if it does not answer in time, or the port is taken
     */
    public void startAgain() {
        turn.run(() -> {
            if (closed || process.isThere()) {
                throw new IllegalStateException(this + (closed ? " is closed" : " runs"));
            }
            launch();
        });
    }

    /** Stops the server and deletes its files; idempotent. */
    @Override
    public void close() {
        turn.run(() -> {
            if (!closed) {
                closed = true;
                end();
            }
        });
    }

    private void end() {
        try {
            stop();
        } finally {
            watcher.end();
        }
    }

    @Override
    public String toString() {
        return "DynamoDB Local on 127.0.0.1:" + port;
    }

    private LocalDynamoDb begin() {
        for (int tries = 1; ; tries++) {
            if (settings.port == 0) {
                port = Ports.free();
            }
            Path logs = settings.logDirectory == null ? watcher.folder() : settings.logDirectory;
            log = logs.resolve("dynamodb-" + port + ".log");
            try {
                launch();
                return this;
            } catch (LocalServerException e) {
                boolean portTaken = Objects.requireNonNull(e.getMessage()).contains("Address already in use");
                if (settings.port != 0 || !portTaken || tries == TRIES) {
                    close();
                    throw e;
                }
            }
        }
    }

    private void launch() {
        long before = log.toFile().length();
        process.launch(
                new ServerProcess.Launch(toString(), command(), log, "answer", settings.startTimeout),
                () -> saysReady(before) && answers());
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + temporaryFolder(),
                "-cp",
                Folders.dynamoDb().resolve("*") + File.pathSeparator + Folders.ownCode(),
                DynamoDbLauncher.class.getName(),
                Integer.toString(port));
    }

    /**
     * DynamoDB Local unpacks a library at every start and, because it is killed, never deletes it: so it gets a folder
     * that is deleted with the rest.
     */
    private Path temporaryFolder() {
        try {
            return Files.createDirectories(watcher.folder().resolve("tmp"));
        } catch (IOException e) {
            throw new LocalServerException("Cannot make a folder for the temporary files of " + this, e);
        }
    }

    private boolean saysReady(long from) {
        try {
            byte[] all = Files.readAllBytes(log);
            int start = (int) Math.min(from, all.length);
            return new String(all, start, all.length - start, StandardCharsets.ISO_8859_1)
                    .contains(DynamoDbLauncher.READY + port);
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends a real request; DynamoDB Local doesn't check the signature. */
    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint().toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setConnectTimeout(2_000);
            connection.setReadTimeout(10_000);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
            connection.setRequestProperty("X-Amz-Target", "DynamoDB_20120810.ListTables");
            connection.setRequestProperty("Authorization", authorization());
            try (OutputStream body = connection.getOutputStream()) {
                body.write("{}".getBytes(StandardCharsets.UTF_8));
            }
            boolean ok = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            connection.disconnect();
            return ok;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String authorization() {
        return "AWS4-HMAC-SHA256 Credential=" + accessKeyId() + "/20260101/" + region()
                + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
    }

    /** Settings for a server. Not thread-safe. */
    public static final class Builder {

        private int port;
        private Duration startTimeout = START_TIMEOUT;
        private @Nullable Path logDirectory;

        private Builder() {}

        /** Sets a fixed port; the default is a free one. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** How long the server may take to answer; the default is 30 seconds. */
        public Builder startTimeout(Duration value) {
            this.startTimeout = value;
            return this;
        }

        /** Sets an existing folder for the log, which then outlives the server. */
        public Builder logDirectory(Path value) {
            this.logDirectory = value;
            return this;
        }

        /** Starts the server; see {@link LocalDynamoDb#start()}. */
        public LocalDynamoDb start() {
            LocalDynamoDb server = new LocalDynamoDb(this);
            return server.turn.get(server::begin);
        }
    }
}
