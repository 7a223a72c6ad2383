package dev.connectionregistry.core.internal.secrets.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Gives credentials as AWS does it where programs run: to containers (ECS, EKS), to machines (IMDSv2), and for a web identity (STS, as
 * IRSA asks it). Each way gives another access key id.
 */
final class CredentialsServer implements AutoCloseable {
    static final String CONTAINER = "AKIDOFCONTAINER";
    static final String MACHINE = "AKIDOFMACHINE";
    static final String WEB_IDENTITY = "AKIDOFWEBIDENTITY";

    private final HttpServer server;

    CredentialsServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/container", exchange -> answer(exchange, json(CONTAINER, "Token")));
        server.createContext("/latest/api/token", exchange -> {
            exchange.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "21600");
            answer(exchange, "imds-token");
        });
        server.createContext("/latest/meta-data/iam/", CredentialsServer::machine);
        server.createContext("/", exchange -> answer(exchange, sts()));
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static void machine(HttpExchange exchange) throws IOException {
        if (!"imds-token".equals(exchange.getRequestHeaders().getFirst("x-aws-ec2-metadata-token"))) {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return;
        }
        boolean list = exchange.getRequestURI().getPath().endsWith("/");
        answer(exchange, list ? "the-role" : json(MACHINE, "Token"));
    }

    private static String expiration() {
        return Instant.now().plus(Duration.ofHours(6)).toString();
    }

    private static String json(String accessKeyId, String token) {
        return "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"" + accessKeyId
                + "\",\"SecretAccessKey\":\"secret\",\"" + token + "\":\"token\",\"Expiration\":\"" + expiration()
                + "\"}";
    }

    private static String sts() {
        return "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>" + WEB_IDENTITY
                + "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>"
                + expiration() + "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                + "</AssumeRoleWithWebIdentityResponse>";
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
