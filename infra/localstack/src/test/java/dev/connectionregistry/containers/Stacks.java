package dev.connectionregistry.containers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The calls on LocalStack's CloudFormation and IAM that the tests need, without the SDK's modules for them. */
final class Stacks {
    private static final Pattern STATUS = Pattern.compile("<StackStatus>(\\w+)</StackStatus>");
    private static final Pattern DOCUMENT = Pattern.compile("<Document>([^<]*)</Document>");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** Begins to create a stack. */
    void create(String stack, String template, Map<String, String> parameters) throws Exception {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("TemplateBody", template);
        form.put("Capabilities.member.1", "CAPABILITY_NAMED_IAM");
        int number = 0;
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            number++;
            form.put("Parameters.member." + number + ".ParameterKey", each.getKey());
            form.put("Parameters.member." + number + ".ParameterValue", each.getValue());
        }
        call("CreateStack", stack, form);
    }

    /** Such as {@code CREATE_COMPLETE}. */
    String status(String stack) throws Exception {
        Matcher found = STATUS.matcher(call("DescribeStacks", stack, Map.of()));
        if (!found.find()) {
            throw new IOException("no status of stack " + stack);
        }
        return found.group(1);
    }

    /** One of its outputs. */
    String output(String stack, String key) throws Exception {
        Pattern output = Pattern.compile("<OutputKey>" + key + "</OutputKey>\\s*<OutputValue>([^<]*)</OutputValue>");
        String answer = call("DescribeStacks", stack, Map.of());
        Matcher found = output.matcher(answer);
        if (!found.find()) {
            throw new IOException("no output " + key + " in " + answer);
        }
        return found.group(1);
    }

    /** The document of a managed policy, JSON. */
    String policy(String arn) throws Exception {
        String answer = call(
                "iam",
                Map.of("Action", "GetPolicyVersion", "Version", "2010-05-08", "PolicyArn", arn, "VersionId", "v1"));
        Matcher found = DOCUMENT.matcher(answer);
        if (!found.find()) {
            throw new IOException("no document in " + answer);
        }
        return URLDecoder.decode(found.group(1), UTF_8);
    }

    /** What happened to the stack, as it comes. */
    String events(String stack) throws Exception {
        return call("DescribeStackEvents", stack, Map.of());
    }

    private String call(String action, String stack, Map<String, String> more) throws Exception {
        Map<String, String> form = new LinkedHashMap<>(Map.of("Version", "2010-05-15"));
        form.put("Action", action);
        form.put("StackName", stack);
        form.putAll(more);
        return call("cloudformation", form);
    }

    private String call(String service, Map<String, String> form) throws Exception {
        String body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(LocalStack.endpoint())
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/" + LocalStack.region() + "/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=unchecked")
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(form.get("Action") + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
