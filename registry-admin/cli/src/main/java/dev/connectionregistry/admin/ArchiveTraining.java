package dev.connectionregistry.admin;

import com.sun.net.httpserver.HttpServer;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.settings.Transition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.jar.JarEntry;

/**
 * Runs commands against a stand-in for DynamoDB on loopback, so that the classes that real commands need are loaded and
 * the launcher can archive them. Its output doesn't matter.
 */
final class ArchiveTraining {
    private static final String ITEM = "{\"pk\":{\"S\":\"settings#rehearsal\"},\"sk\":{\"S\":\"current\"},"
            + "\"format\":{\"N\":\"1\"},\"database\":{\"S\":\"rehearsal\"},\"version\":{\"N\":\"1\"},"
            + "\"endpoint\":{\"M\":{\"host\":{\"S\":\"h\"},\"port\":{\"N\":\"1\"},\"databaseName\":{\"S\":\"d\"}}},"
            + "\"username\":{\"S\":\"u\"},\"passwordRef\":{\"S\":\"rds-iam\"},\"changedBy\":{\"S\":\"r\"},"
            + "\"changedAt\":{\"S\":\"2026-01-01T00:00:00Z\"},\"reason\":{\"S\":\"r\"}}";

    /** The stand-in may wait for the rest of what it takes for an HTTP request. */
    private static final int HANDSHAKE_MILLIS = 500;

    private ArchiveTraining() {}

    public static void main(String[] arguments) throws IOException {
        endIn(Duration.ofMinutes(1));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            byte[] answer = ("{\"Item\":" + ITEM + ",\"Items\":[" + ITEM + "],\"Count\":1,\"ScannedCount\":1}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.setProperty("aws.accessKeyId", "REHEARSAL");
        System.setProperty("aws.secretAccessKey", "rehearsal");
        System.setProperty("aws.region", "us-east-1");
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            shakeHands("https" + url.substring("http".length()));
            System.setProperty("aws.endpointUrl", url);
            run(url, "list");
            run(url, "show", "rehearsal", "--output", "json");
            run(url, "status", "rehearsal");
            run(url, "set-endpoint", "rehearsal", "h2:5432", "--wait", "--timeout", "100ms");
            run(url, "no-such-command");
            loadOwnClasses();
        } finally {
            server.stop(0);
        }
    }

    /** Nobody watches this process, so it must end, whatever happens. */
    private static void endIn(Duration limit) {
        TimerTask end = new TimerTask() {
            @Override
            public void run() {
                Runtime.getRuntime().halt(1);
            }
        };
        new Timer("end of the rehearsal", true).schedule(end, limit.toMillis());
    }

    /** Loads what TLS to a real table needs; ends in an error, because the stand-in doesn't speak TLS. */
    private static void shakeHands(String url) {
        try {
            URLConnection connection = URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(HANDSHAKE_MILLIS);
            connection.setReadTimeout(HANDSHAKE_MILLIS);
            connection.getInputStream().close();
            throw new IllegalStateException("a server without TLS spoke TLS");
        } catch (IOException expected) {
            System.err.println(expected.getMessage());
        }
    }

    /**
     * Loads classes that only a cutover needs: callers would otherwise wait while they load, and a cutover can't run
     * here without two servers.
     */
    private static void loadOwnClasses() throws IOException {
        List<String> oneOfEachJar = List.of(
                Main.class.getName(),
                SystemTiming.class.getName(),
                Transition.class.getName(),
                "org.postgresql.Driver");
        for (String name : oneOfEachJar) {
            URL place = ClassLoader.getSystemResource(name.replace('.', '/') + ".class");
            if (place != null && place.openConnection() instanceof JarURLConnection jar) {
                jar.getJarFile().stream()
                        .map(JarEntry::getName)
                        .filter(entry -> entry.endsWith(".class") && !entry.contains("-"))
                        .map(entry -> entry.substring(0, entry.length() - ".class".length())
                                .replace('/', '.'))
                        .forEach(ArchiveTraining::load);
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, ArchiveTraining.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            System.err.println("not archived: " + e); // such as the driver's support for a library that is missing
        }
    }

    private static void run(String url, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--endpoint-url";
        all[arguments.length + 1] = url;
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (String[] each : List.of(arguments, all)) {
            new Main(InputStream.nullInputStream(), nowhere, nowhere, Terminal.NONE, Map.of(), new SystemTiming())
                    .run(each);
        }
    }
}
