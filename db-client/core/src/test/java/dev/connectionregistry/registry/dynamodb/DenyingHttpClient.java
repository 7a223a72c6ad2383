package dev.connectionregistry.registry.dynamodb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * Answers calls for some partition keys as DynamoDB does whose policy denies them, since DynamoDB Local knows no policies; the others
 * reach it. Thread-safe.
 */
final class DenyingHttpClient implements SdkHttpClient {
    private static final Pattern KEY = Pattern.compile("\"(?:pk|:pk)\":\\{\"S\":\"([^\"]+)\"}");

    private final SdkHttpClient behind = UrlConnectionHttpClient.create();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refusals = new AtomicInteger();

    /** From now on. */
    void deny(String partitionKey) {
        denied.add(partitionKey);
    }

    /** From now on. */
    void allow(String partitionKey) {
        denied.remove(partitionKey);
    }

    /** How many calls were denied so far. */
    int refusals() {
        return refusals.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Matcher key = KEY.matcher(body(request));
        if (!key.find() || !denied.contains(key.group(1))) {
            return behind.prepareRequest(request);
        }
        refusals.incrementAndGet();
        String operation = request.httpRequest()
                .firstMatchingHeader("X-Amz-Target")
                .orElse("?.?")
                .split("\\.", -1)[1];
        return new Refusal("User: arn:aws:sts::123456789012:assumed-role/checkout/i-1 is not authorized to perform:"
                + " dynamodb:" + operation + " on resource: arn:aws:dynamodb:eu-central-1:123456789012:table/registry"
                + " because no identity-based policy allows the dynamodb:" + operation + " action");
    }

    private static String body(HttpExecuteRequest request) {
        return request.contentStreamProvider()
                .map(provider -> {
                    try (InputStream stream = provider.newStream()) {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse("");
    }

    @Override
    public void close() {
        behind.close();
    }

    private record Refusal(String message) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() {
            byte[] body = ("{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"" + message
                            + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            return HttpExecuteResponse.builder()
                    .response(SdkHttpResponse.builder()
                            .statusCode(400)
                            .putHeader("Content-Type", "application/x-amz-json-1.0")
                            .putHeader("Content-Length", String.valueOf(body.length))
                            .build())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }

        @Override
        public void abort() {
            // it never waits
        }
    }
}
