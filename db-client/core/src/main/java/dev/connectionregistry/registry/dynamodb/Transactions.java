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
 * Sends transactions, and says how they ended as far as the answers tell. A transaction is the same request each time, with
 * the same token, so sending it again is safe; but its answer can be lost after it took effect, and what is sent again may
 * then meet its own effect as a condition that doesn't hold. So the sender marks what it writes, with a
 * {@code writeId} or a lock's own token, and looks for that mark unless the outcome is {@link Done}. Thread-safe.
 */
final class Transactions {
    /** How often a transaction is sent that ran into another one, or whose answer was lost. */
    private static final int SUBMISSIONS = 5;

    private static final int SUBMISSIONS_UNANSWERED = 2;
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final String CONTENTION = "TransactionConflict";

    private final RegistryTable table;

    Transactions(RegistryTable table) {
        this.table = table;
    }

    sealed interface Result {}

    /** It took effect. */
    record Done() implements Result {}

    /**
     * Conditions did not hold. From now on it takes no effect, but an earlier sending of it may have.
     *
     * @param reasons one for each item, in the items' order
     */
    record Refused(List<CancellationReason> reasons) implements Result {
        /** Whether the condition on the item at {@code index} did not hold. */
        boolean failed(int index) {
            return index < reasons.size()
                    && CONDITION_FAILED.equals(reasons.get(index).code());
        }

        /** The item as it stood when its condition failed, if that was asked for; empty if there was none. */
        Map<String, AttributeValue> current(int index) {
            return reasons.get(index).hasItem() ? reasons.get(index).item() : Map.of();
        }
    }

    /**
     * There was no answer that says.
     *
     * @param problem what was wrong the last time
     * @param mayTakeEffect false if every sending was answered: it was refused for running into others, and is done with
     */
    record Unclear(RegistryException problem, boolean mayTakeEffect) implements Result {
        /** The error for when reading didn't settle it either. */
        RegistryException unsettled(PendingWrite write) {
            return mayTakeEffect ? write.unknown(String.valueOf(problem.getMessage()), problem) : problem;
        }
    }

    /**
     * Runs {@code whole}, a write with all that belongs to it, aside.
     *
     * @throws RegistryException if the thread is interrupted: before it began, or with an unknown outcome
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
     * Sends a transaction until an answer settles it, a few times at most; for those who are aside already.
     *
     * @param requestToken random, for this transaction alone; at most 36 characters
     * @throws RegistryException if it certainly took no effect for a reason other than its conditions
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
                mayHaveArrived |= !DynamoDbErrors.certainlyNotDone(e); // the client's own repetitions count too
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

    /** Refused for what it is, such as its size: final, unless an earlier sending of it was not answered. */
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
