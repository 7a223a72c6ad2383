package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Writes a version: the current item, on condition that its version is the one before, and the history item, in one
 * transaction.
 *
 * <p>An answer can be lost after the write took effect, and the repetition then meets its own write as a conflict. Both
 * items therefore carry a random {@code writeId}, and the history item, which nobody ever overwrites, tells whose version
 * it is. The transaction is the same request each time (its token is the {@code writeId}), so sending it again is safe.
 * Thread-safe.
 */
final class SettingsWriter {
    /** How often a transaction is sent that ran into another one, or whose answer was lost. */
    private static final int SUBMISSIONS = 5;

    private static final int SUBMISSIONS_UNANSWERED = 2;
    private static final String LOST_RACE = "ConditionalCheckFailed";
    private static final String CONTENTION = "TransactionConflict";

    private final Table table;

    SettingsWriter(Table table) {
        this.table = table;
    }

    WriteResult write(VersionedSettings next) {
        String doing = "writing version " + next.version() + " of '" + next.database() + "'";
        if (Thread.currentThread().isInterrupted()) {
            throw new RegistryException(Kind.UNREACHABLE, doing + " was not begun: the thread is interrupted", null);
        }
        try {
            return table.call(doing, () -> write(next, doing));
        } catch (RegistryException e) {
            if (Thread.currentThread().isInterrupted() && e.getCause() instanceof AbortedException) {
                throw unknown(next, doing, "the thread was interrupted", e);
            }
            throw e;
        }
    }

    private WriteResult write(VersionedSettings next, String doing) {
        String writeId = UUID.randomUUID().toString();
        TransactWriteItemsRequest request = request(next, writeId);
        RuntimeException unclear = null;
        int unanswered = 0;
        for (int submission = 1; submission <= SUBMISSIONS && unanswered < SUBMISSIONS_UNANSWERED; submission++) {
            try {
                table.client().transactWriteItems(request);
                return new WriteResult.Written(next);
            } catch (TransactionCanceledException e) {
                if (has(e, LOST_RACE)) {
                    return lostRace(next, writeId, doing);
                }
                if (!has(e, CONTENTION)) {
                    throw table.failures().translate(doing, e);
                }
                unclear = e;
                pause(submission);
            } catch (RuntimeException e) {
                if (unanswered == 0 && Failures.certainlyNotDone(e)) {
                    throw table.failures().translate(doing, e);
                }
                unclear = e;
                unanswered++;
            }
        }
        return readBack(next, writeId, doing, unclear);
    }

    private TransactWriteItemsRequest request(VersionedSettings next, String writeId) {
        Put.Builder current =
                Put.builder().tableName(table.name()).item(Items.item(next, Layout.current(next.database()), writeId));
        if (next.version() == 1) {
            current.conditionExpression("attribute_not_exists(pk)");
        } else {
            current.conditionExpression("#version = :expected")
                    .expressionAttributeNames(Map.of("#version", "version"))
                    .expressionAttributeValues(
                            Map.of(":expected", AttributeValue.fromN(Long.toString(next.version() - 1))));
        }
        Put history = Put.builder()
                .tableName(table.name())
                .item(Items.item(next, Layout.history(next.database(), next.version()), writeId))
                .conditionExpression("attribute_not_exists(pk)")
                .build();
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(writeId)
                .transactItems(List.of(
                        TransactWriteItem.builder().put(current.build()).build(),
                        TransactWriteItem.builder().put(history).build()))
                .build();
    }

    private static boolean has(TransactionCanceledException canceled, String code) {
        return canceled.cancellationReasons().stream().anyMatch(reason -> code.equals(reason.code()));
    }

    /** Some transaction came first; it may have been this one, sent before. */
    private WriteResult lostRace(VersionedSettings next, String writeId, String doing) {
        try {
            if (isOurs(next, writeId)) {
                return new WriteResult.Written(next);
            }
        } catch (RuntimeException e) {
            throw unknown(next, doing, "a version stands in its place", e);
        }
        ReadResult actual = table.readHere(next.database());
        if (next.version() == 1
                && actual instanceof ReadResult.Absent absent
                && absent.removedAt().isEmpty()) {
            throw new RegistryException(
                    Kind.INVALID,
                    table.failures()
                            .sentence(
                                    doing,
                                    "it has no current settings but a history, so somebody deleted the current item"
                                            + " by hand: copy its newest history item (pk history#" + next.database()
                                            + ") to pk settings#" + next.database() + ", sk current, then write again"),
                    null);
        }
        return new WriteResult.Conflict(actual);
    }

    private WriteResult readBack(
            VersionedSettings next, String writeId, String doing, @Nullable RuntimeException unclear) {
        String lost = unclear == null ? "" : message(table.failures().translate(doing, unclear));
        try {
            if (isOurs(next, writeId)) {
                return new WriteResult.Written(next);
            }
        } catch (RuntimeException e) {
            throw unknown(next, doing, lost, e);
        }
        ReadResult actual = table.readHere(next.database());
        if (!(actual instanceof ReadResult.Unreadable) && versionOf(actual) != next.version() - 1) {
            return new WriteResult.Conflict(actual);
        }
        if (unclear instanceof TransactionCanceledException) {
            throw table.failures().translate(doing, unclear);
        }
        throw unknown(next, doing, lost, unclear);
    }

    private boolean isOurs(VersionedSettings next, String writeId) {
        AttributeValue written =
                table.get(Layout.history(next.database(), next.version())).get(Layout.WRITE_ID);
        return written != null && writeId.equals(written.s());
    }

    /** The version that stands, on which no other write can build; 0 if there is none, -1 if it has no number. */
    private static long versionOf(ReadResult result) {
        if (result instanceof ReadResult.Found found) {
            return found.settings().version();
        } else if (result instanceof ReadResult.Absent absent) {
            return absent.removedAt().map(VersionedSettings::version).orElse(0L);
        } else if (result instanceof ReadResult.Malformed malformed) {
            return malformed.version().orElse(-1L);
        }
        return -1;
    }

    private static RegistryException unknown(
            VersionedSettings next, String doing, String lost, @Nullable Throwable cause) {
        return new RegistryException(
                Kind.OUTCOME_UNKNOWN,
                doing + ": it is not known whether it took effect (" + lost + "). Before anything else run"
                        + " 'registry-admin history " + next.database() + "': if version " + next.version() + " by "
                        + next.change().by() + " of " + next.change().at() + " is there, it did",
                cause);
    }

    private static String message(Throwable problem) {
        return String.valueOf(problem.getMessage());
    }

    private static void pause(int submission) {
        long most = TimeUnit.MILLISECONDS.toNanos(20L << submission);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 4, most));
    }
}
