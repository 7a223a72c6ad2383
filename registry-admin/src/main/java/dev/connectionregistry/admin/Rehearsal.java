package dev.connectionregistry.admin;

import com.sun.net.httpserver.HttpServer;
import dev.connectionregistry.admin.fleet.SystemTiming;
import dev.connectionregistry.admin.output.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs commands against a stand-in for DynamoDB on loopback, so that the classes which real ones need get loaded and the
 * launcher can archive them. Its output is of no interest.
 */
final class Rehearsal {
    private static final String ITEM = "{\"pk\":{\"S\":\"settings#rehearsal\"},\"sk\":{\"S\":\"current\"},"
            + "\"format\":{\"N\":\"1\"},\"database\":{\"S\":\"rehearsal\"},\"version\":{\"N\":\"1\"},"
            + "\"endpoint\":{\"M\":{\"host\":{\"S\":\"h\"},\"port\":{\"N\":\"1\"},\"databaseName\":{\"S\":\"d\"}}},"
            + "\"username\":{\"S\":\"u\"},\"passwordRef\":{\"S\":\"rds-iam\"},\"changedBy\":{\"S\":\"r\"},"
            + "\"changedAt\":{\"S\":\"2026-01-01T00:00:00Z\"},\"reason\":{\"S\":\"r\"}}";

    private Rehearsal() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
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
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            run(url, "list");
            run(url, "show", "rehearsal", "--output", "json");
            run(url, "status", "rehearsal");
            run(url, "set-endpoint", "rehearsal", "h2:5432", "--wait", "--timeout", "100ms");
            run(url, "no-such-command");
        } finally {
            server.stop(0);
        }
    }

    private static void run(String url, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--endpoint-url";
        all[arguments.length + 1] = url;
        all[arguments.length + 2] = "--region";
        all[arguments.length + 3] = "us-east-1";
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new Main(InputStream.nullInputStream(), nowhere, nowhere, Terminal.NONE, Map.of(), new SystemTiming()).run(all);
    }
}
