package dev.connectionregistry.registry.dynamodb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Between a client and the table: loses answers to writes after they were carried out, or requests before. */
final class LosingNetwork implements ExecutionInterceptor {
    int answersToLose;
    int requestsToLose;
    boolean readsFail;
    Runnable afterLoss = () -> {};
    Runnable afterFirstRead = () -> {};
    /** Delivers what was lost, by a way of its own. */
    @Nullable
    DynamoDbClient deliverBy;

    final AtomicInteger writes = new AtomicInteger();
    private @Nullable TransactWriteItemsRequest lastLost;

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (context.request() instanceof TransactWriteItemsRequest write && requestsToLose > 0) {
            requestsToLose--;
            lastLost = write;
            afterLoss.run();
            throw lost();
        }
        if (readsFail && context.request() instanceof GetItemRequest) {
            throw lost();
        }
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        if (request instanceof TransactWriteItemsRequest write) {
            writes.incrementAndGet();
            if (answersToLose > 0) {
                answersToLose--;
                lastLost = write;
                afterLoss.run();
                throw lost();
            }
        } else if (request instanceof GetItemRequest) {
            Runnable once = afterFirstRead;
            afterFirstRead = () -> {};
            once.run();
        }
    }

    /** A request that was lost arrives after all. */
    void deliverLast() {
        Objects.requireNonNull(deliverBy).transactWriteItems(Objects.requireNonNull(lastLost));
    }

    private static RuntimeException lost() {
        return SdkClientException.create(
                "connection lost", new UncheckedIOException(new IOException("connection reset")));
    }
}
