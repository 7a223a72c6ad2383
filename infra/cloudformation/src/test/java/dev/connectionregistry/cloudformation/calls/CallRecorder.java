package dev.connectionregistry.cloudformation.calls;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Listens to every client of the SDK in this JVM, whoever made it: the SDK finds it by its name in
 * {@code software/amazon/awssdk/global/handlers/execution.interceptors}. Thread-safe.
 */
public final class CallRecorder implements ExecutionInterceptor {
    private static final Queue<Call> CALLS = new ConcurrentLinkedQueue<>();
    private static final Pattern SIGNED_BY = Pattern.compile("Credential=([^/]+)/");

    /** All calls so far, oldest first. */
    public static List<Call> calls() {
        return List.copyOf(CALLS);
    }

    /** The calls so far that were signed with this access key. */
    public static List<Call> callsOf(String who) {
        return CALLS.stream().filter(each -> each.who().equals(who)).toList();
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        Matcher signature = SIGNED_BY.matcher(
                context.httpRequest().firstMatchingHeader("Authorization").orElse(""));
        CALLS.add(new Call(
                signature.find() ? signature.group(1) : "nobody",
                service + "." + operation,
                NeededRights.of(service, operation, context.request())));
    }
}
