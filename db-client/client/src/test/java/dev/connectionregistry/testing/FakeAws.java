package dev.connectionregistry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that speaks as much of the protocol of Secrets Manager and the Parameter Store as reading takes, and can be told
 * to fail: for what no real one does when asked. Counts every request. Thread-safe.
 */
public final class FakeAws implements AutoCloseable {
    private static final Pattern SIGNED_BY = Pattern.compile("Credential=([^/]+)/");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-aws");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<String> accessKeyIds = new ConcurrentLinkedQueue<>();
    private final Queue<String> hosts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Refusal refusal;
    private volatile boolean silent;

    private record Refusal(int status, String code) {}

    /** Starts it on a free port. */
    public FakeAws() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it answers. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A secret or a parameter has this value from now on. */
    public void put(String name, String value) {
        values.put(name, value);
    }

    /** How many requests have come so far. */
    public int requests() {
        return requests.get();
    }

    /** Who has signed the requests, oldest first. */
    public List<String> accessKeyIds() {
        return List.copyOf(accessKeyIds);
    }

    /** For which hosts the requests were, oldest first; others than our own if we are taken for a proxy. */
    public List<String> hosts() {
        return List.copyOf(hosts);
    }

    /** From now on everything is refused with this code. */
    public void refuse(int status, String code) {
        refusal = new Refusal(status, code);
    }

    /** From now on nothing is answered. */
    public void fallSilent() {
        silent = true;
    }

    /** Answers again. */
    public void recover() {
        refusal = null;
        silent = false;
    }

    private void note(HttpExchange exchange) {
        requests.incrementAndGet();
        hosts.add(String.valueOf(exchange.getRequestHeaders().getFirst("Host")));
        Matcher signature =
                SIGNED_BY.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (signature.find()) {
            accessKeyIds.add(signature.group(1));
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        note(exchange);
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        if (silent) {
            Sources.awaitQuietly(closed);
        }
        Refusal refused = refusal;
        if (refused != null) {
            error(exchange, refused.status(), refused.code());
        } else if (String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                .startsWith("AmazonSSM")) {
            parameter(exchange, request.path("Name").asText());
        } else {
            secret(exchange, request.path("SecretId").asText());
        }
    }

    private void secret(HttpExchange exchange, String name) throws IOException {
        String value = values.get(name);
        if (value == null) {
            error(exchange, 400, "ResourceNotFoundException");
            return;
        }
        ObjectNode answer = JSON.createObjectNode().put("Name", name);
        if (value.startsWith("binary:")) {
            answer.put("SecretBinary", value.substring(7).getBytes(StandardCharsets.UTF_8));
        } else {
            answer.put("SecretString", value);
        }
        answer(exchange, 200, answer);
    }

    private void parameter(HttpExchange exchange, String name) throws IOException {
        String value = values.get(name);
        if (value == null) {
            error(exchange, 400, "ParameterNotFound");
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("Parameter")
                .put("Name", name)
                .put("Type", "SecureString")
                .put("Value", value);
        answer(exchange, 200, answer);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        answer(exchange, status, JSON.createObjectNode().put("__type", code).put("message", "because it was told to"));
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
