package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.RegistryException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Sends transactions, and determines their outcome as far as the answers tell. A transaction is the same request with
 * the same token each time, so sending it again is safe. But its answer can be lost after it took effect, and the next
 * attempt may then fail its condition because of its own effect. So the sender marks what it writes, with a
 * {@code writeId} or a lock's own token, and looks for that mark unless the outcome is {@link Done}. Thread-safe.
 */
final class Transactions {
    /** How often to send a transaction that collided with another one, or whose answer was lost. */
    private static final int SUBMISSIONS = 5;

    private static final int SUBMISSIONS_UNANSWERED = 2;
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String CONTENTION = "TransactionConflict";

    private final RegistryTable table;

    Transactions(RegistryTable table) {
        this.table = table;
    }

    sealed interface Result {}

    /** The transaction took effect. */
    record Done() implements Result {}

    /**
     * Conditions did not hold. This attempt and later ones have no effect, but an earlier one may have.
     *
     * @param reasons one for each item, in the items' order
     */
    record Refused(List<CancellationReason> reasons) implements Result {
        /** Whether the condition on the item at {@code index} did not hold. */
        boolean failed(int index) {
            return index < reasons.size()
                    && CONDITION_FAILED.equals(reasons.get(index).code());
        }

        /** The item that failed its condition, if it was requested; empty if there was none. */
        Map<String, AttributeValue> current(int index) {
            return reasons.get(index).hasItem() ? reasons.get(index).item() : Map.of();
        }
    }

    /**
     * No answer settled the outcome.
     *
     * @param problem what went wrong in the last attempt
     * @param mayTakeEffect false if every attempt was answered: all were refused because of other transactions, and
     *     none will take effect
     */
    record Unclear(RegistryException problem, boolean mayTakeEffect) implements Result {
        /** The exception if a read can't settle the outcome either. */
        RegistryException unsettled(PendingWrite write) {
            return mayTakeEffect ? write.unknown(String.valueOf(problem.getMessage()), problem) : problem;
        }
    }

    /**
     * Runs {@code whole}, a write with everything that belongs to it, on another thread.
     *
     * @throws RegistryException if the thread is interrupted: before the write began, or with an unknown outcome
     */
    <T> T run(PendingWrite write, Supplier<T> whole) {
        if (Thread.currentThread().isInterrupted()) {
            throw write.notBegun();
        }
        try {
            return table.call(write.doing(), whole);
        } catch (RegistryException e) {
            if (Thread.currentThread().isInterrupted() && e.getCause() instanceof AbortedException) {
                throw write.unknown("the thread was interrupted", e);
            }
            throw e;
        }
    }

    /**
     * Sends a transaction until an answer settles it, at most a few times; for code that already runs on another
     * thread.
     *
     * @param requestToken random, used for this transaction only; at most 36 characters
     * @throws RegistryException if it certainly took no effect for another reason than its conditions
     */
    Result send(PendingWrite write, String requestToken, List<TransactWriteItem> items) {
        TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
                .clientRequestToken(requestToken)
                .transactItems(items)
                .build();
        Unclear unclear = null;
        boolean mayHaveArrived = false;
        int unanswered = 0;
        for (int submission = 1; submission <= SUBMISSIONS && unanswered < SUBMISSIONS_UNANSWERED; submission++) {
            try {
                table.client().transactWriteItems(request);
                return new Done();
            } catch (TransactionCanceledException e) {
                if (has(e, CONDITION_FAILED)) {
                    return new Refused(e.cancellationReasons());
                }
                mayHaveArrived |= !DynamoDbErrors.certainlyNotDone(e); // the client's own retries count too
                unclear = new Unclear(table.failures().translate(write.doing(), e), mayHaveArrived);
                if (!has(e, CONTENTION)) {
                    return refusedOutright(unclear);
                }
                pause(submission);
            } catch (RuntimeException e) {
                unclear = new Unclear(table.failures().translate(write.doing(), e), true);
                if (!mayHaveArrived && DynamoDbErrors.certainlyNotDone(e)) {
                    throw unclear.problem();
                }
                mayHaveArrived = true;
                unanswered++;
            }
        }
        return Objects.requireNonNull(unclear);
    }

    /** Refused for a reason of its own, such as its size: final, unless an earlier attempt had no answer. */
    private static Result refusedOutright(Unclear unclear) {
        if (unclear.mayTakeEffect()) {
            return unclear;
        }
        throw unclear.problem();
    }

    private static boolean has(TransactionCanceledException canceled, String code) {
        return canceled.cancellationReasons().stream().anyMatch(reason -> code.equals(reason.code()));
    }

    private static void pause(int submission) {
        long most = TimeUnit.MILLISECONDS.toNanos(20L << submission);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 4, most));
    }
}
