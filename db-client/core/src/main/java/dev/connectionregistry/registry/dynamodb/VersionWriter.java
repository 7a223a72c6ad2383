package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.Transactions.Done;
import dev.connectionregistry.registry.dynamodb.Transactions.Outcome;
import dev.connectionregistry.registry.dynamodb.Transactions.Refused;
import dev.connectionregistry.registry.dynamodb.Transactions.Unclear;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Writes a version: the current item, on condition that its version is the one before, and the history item, in one
 * transaction; in a cutover also on condition that its lock stands. Both items carry the {@code writeId}, and the history
 * item, which nobody ever overwrites, tells whose version it is. Thread-safe.
 */
final class VersionWriter {
    /** Where the demand on the lock stands in the transaction, after the two items. */
    private static final int LOCK = 2;

    private final RegistryTable table;
    private final Transactions transactions;

    VersionWriter(RegistryTable table, Transactions transactions) {
        this.table = table;
        this.transactions = transactions;
    }

    /** Writes {@code next}, if {@code base} is what stands (0 for nothing); under a lock if {@code held} is one. */
    WriteResult write(VersionedSettings next, long base, Optional<CutoverLock> held) {
        if (base >= next.version()) {
            throw new IllegalArgumentException("version " + next.version() + " can't follow version " + base);
        }
        PendingWrite write = new PendingWrite(
                "writing version " + next.version() + " of '" + next.database() + "'",
                "Before anything else run 'registry-admin history " + next.database() + "': if version "
                        + next.version() + " by " + next.change().by() + " of "
                        + next.change().at() + " is there, it did");
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Outcome outcome = transactions.send(write, writeId, items(next, base, held, writeId));
            if (outcome instanceof Done) {
                return new WriteResult.Written(next);
            }
            return outcome instanceof Refused refused
                    ? refused(next, base, writeId, write, refused)
                    : readBack(next, base, held, writeId, write, (Unclear) outcome);
        });
    }

    /** Writes {@code next} in the place of an item that is still what {@code standing} says. */
    WriteResult repair(VersionedSettings next, ReadResult standing) {
        PendingWrite write = new PendingWrite(
                "putting version " + next.version() + " of '" + next.database() + "' in the place of what stands",
                "Before anything else run 'registry-admin show " + next.database() + "'");
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Map<String, AttributeValue> item = table.get(TableLayout.current(next.database()));
            if (item.isEmpty() || !Items.readResult(next.database(), item).equals(standing)) {
                return new WriteResult.Conflict(table.readHere(next.database()));
            }
            Outcome outcome =
                    transactions.send(write, writeId, List.of(inPlaceOf(item, next, writeId), history(next, writeId)));
            if (outcome instanceof Done) {
                return new WriteResult.Written(next);
            }
            if (outcome instanceof Unclear unclear && !isOurs(next, writeId)) {
                throw unclear.unsettled(write);
            }
            return isOurs(next, writeId)
                    ? new WriteResult.Written(next)
                    : new WriteResult.Conflict(table.readHere(next.database()));
        });
    }

    /** On condition that version and write are still those of {@code item}, of whatever type they are there. */
    private TransactWriteItem inPlaceOf(Map<String, AttributeValue> item, VersionedSettings next, String writeId) {
        Put.Builder put = Put.builder()
                .tableName(table.name())
                .item(Items.item(next, TableLayout.current(next.database()), writeId));
        Map<String, AttributeValue> values = new HashMap<>();
        List<String> conditions = new ArrayList<>(List.of("attribute_exists(pk)"));
        for (String name : List.of("version", TableLayout.WRITE_ID)) {
            AttributeValue value = item.get(name);
            conditions.add(value == null ? "attribute_not_exists(#" + name + ")" : "#" + name + " = :" + name);
            if (value != null) {
                values.put(":" + name, value);
            }
        }
        put.conditionExpression(String.join(" AND ", conditions))
                .expressionAttributeNames(
                        Map.of("#version", "version", "#" + TableLayout.WRITE_ID, TableLayout.WRITE_ID));
        if (!values.isEmpty()) {
            put.expressionAttributeValues(values);
        }
        return TransactWriteItem.builder().put(put.build()).build();
    }

    private List<TransactWriteItem> items(
            VersionedSettings next, long base, Optional<CutoverLock> held, String writeId) {
        List<TransactWriteItem> items = new ArrayList<>(List.of(current(next, base, writeId), history(next, writeId)));
        held.ifPresent(lock -> items.add(LOCK, LockItems.demand(table.name(), lock)));
        return items;
    }

    private TransactWriteItem current(VersionedSettings next, long base, String writeId) {
        Put.Builder current = Put.builder()
                .tableName(table.name())
                .item(Items.item(next, TableLayout.current(next.database()), writeId));
        if (base == 0) {
            current.conditionExpression("attribute_not_exists(pk)");
        } else {
            current.conditionExpression("#version = :expected")
                    .expressionAttributeNames(Map.of("#version", "version"))
                    .expressionAttributeValues(Map.of(":expected", AttributeValue.fromN(Long.toString(base))));
        }
        return TransactWriteItem.builder().put(current.build()).build();
    }

    private TransactWriteItem history(VersionedSettings next, String writeId) {
        Put history = Put.builder()
                .tableName(table.name())
                .item(Items.item(next, TableLayout.history(next.database(), next.version()), writeId))
                .conditionExpression("attribute_not_exists(pk)")
                .build();
        return TransactWriteItem.builder().put(history).build();
    }

    /** Some transaction came first; it may have been this one, sent before. */
    private WriteResult refused(
            VersionedSettings next, long base, String writeId, PendingWrite write, Refused refused) {
        try {
            if (isOurs(next, writeId)) {
                return new WriteResult.Written(next);
            }
        } catch (RuntimeException e) {
            throw write.unknown("a version stands in its place, or its lock is lost", e);
        }
        if (refused.failed(LOCK)) {
            return new WriteResult.LockLost(LockItems.lock(next.database(), refused.standing(LOCK)));
        }
        ReadResult actual = table.readHere(next.database());
        if (base == 0 && actual instanceof ReadResult.Absent && actual.newest().isEmpty()) {
            throw deletedByHand(next, write);
        }
        return new WriteResult.Conflict(actual);
    }

    private RegistryException deletedByHand(VersionedSettings next, PendingWrite write) {
        return new RegistryException(
                Kind.INVALID,
                table.failures()
                        .sentence(
                                write.doing(),
                                "it has no current settings but a history, so the current item was deleted by"
                                        + " hand: copy its newest history item (pk history#" + next.database()
                                        + ") to pk settings#" + next.database() + ", sk current, then write again"),
                null);
    }

    /**
     * Looks whether it took effect, or never will. What excludes it is read before the look for it: the other way round it
     * could take effect in between, and its own version would be taken for somebody else's.
     */
    private WriteResult readBack(
            VersionedSettings next,
            long base,
            Optional<CutoverLock> held,
            String writeId,
            PendingWrite write,
            Unclear unclear) {
        ReadResult actual = table.readHere(next.database());
        Optional<WriteResult> lost;
        try {
            lost = held.flatMap(this::lost);
            if (isOurs(next, writeId)) {
                return new WriteResult.Written(next);
            }
        } catch (RuntimeException e) {
            throw write.unknown(String.valueOf(unclear.problem().getMessage()), e);
        }
        if (lost.isPresent()) {
            return lost.get();
        }
        if (!(actual instanceof ReadResult.Unreadable) && versionOf(actual) != base) {
            return new WriteResult.Conflict(actual);
        }
        throw unclear.unsettled(write);
    }

    private Optional<WriteResult> lost(CutoverLock held) {
        Optional<CutoverLock> actual = LockItems.lock(held.database(), table.get(TableLayout.lock(held.database())));
        return held.standsAs(actual) ? Optional.empty() : Optional.of(new WriteResult.LockLost(actual));
    }

    private boolean isOurs(VersionedSettings next, String writeId) {
        return Items.isWrittenBy(writeId, table.get(TableLayout.history(next.database(), next.version())));
    }

    /** The version that stands, on which no other write can build; 0 if there is none, -1 if it has no number. */
    private static long versionOf(ReadResult result) {
        return result.version().orElse(result instanceof ReadResult.Absent ? 0L : -1L);
    }
}
