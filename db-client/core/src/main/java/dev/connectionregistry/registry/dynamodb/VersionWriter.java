package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry.NotWritten;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.Transactions.Done;
import dev.connectionregistry.registry.dynamodb.Transactions.Refused;
import dev.connectionregistry.registry.dynamodb.Transactions.Result;
import dev.connectionregistry.registry.dynamodb.Transactions.Unclear;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Writes versions. For each database, one transaction writes the current item, on condition that it has the previous
 * version, and the history item; in a cutover, also on condition that the locks are current. All items carry the
 * {@code writeId}; nobody ever overwrites a history item, so it shows who wrote the version. Thread-safe.
 */
final class VersionWriter {
    /** The items of one version in a transaction: the current item and the history item. */
    private static final int ITEMS = 2;

    private final RegistryTable table;
    private final Transactions transactions;

    VersionWriter(RegistryTable table, Transactions transactions) {
        this.table = table;
        this.transactions = transactions;
    }

    /**
     * A version to write.
     *
     * @param base the version that must be current; 0 for none
     */
    private record Version(VersionedSettings next, long base) {
        Version {
            if (base >= next.version()) {
                throw new IllegalArgumentException("version " + next.version() + " can't follow version " + base);
            }
        }

        DatabaseName database() {
            return next.database();
        }
    }

    /** Writes {@code next}, if {@code base} is the current version (0 for none). */
    WriteResult write(VersionedSettings next, long base) {
        return write(List.of(new Version(next, base)), List.of())
                .map(NotWritten::why)
                .orElseGet(() -> new WriteResult.Written(next));
    }

    /** Writes all of {@code next} under these locks, if each follows the current version. */
    Optional<NotWritten> writeUnder(List<CutoverLock> held, List<VersionedSettings> next) {
        return write(
                next.stream().map(each -> new Version(each, each.version() - 1)).toList(), held);
    }

    private Optional<NotWritten> write(List<Version> versions, List<CutoverLock> held) {
        PendingWrite write = pending(versions);
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Result outcome = transactions.send(write, writeId, items(versions, held, writeId));
            if (outcome instanceof Done) {
                return Optional.empty();
            }
            return outcome instanceof Refused refused
                    ? refused(versions, held, writeId, write, refused)
                    : readBack(versions, held, writeId, write, (Unclear) outcome);
        });
    }

    private static PendingWrite pending(List<Version> versions) {
        VersionedSettings first = versions.get(0).next();
        String what = versions.stream()
                .map(each -> "version " + each.next().version() + " of '" + each.database() + "'")
                .collect(Collectors.joining(", "));
        return new PendingWrite(
                "writing " + what,
                "Before anything else run 'registry-admin history " + first.database() + "': if version "
                        + first.version() + " by " + first.change().by() + " of "
                        + first.change().at() + " is there, it did");
    }

    /** Replaces an item by {@code next}, if it is still what {@code current} says. */
    WriteResult repair(VersionedSettings next, ReadResult current) {
        PendingWrite write = new PendingWrite(
                "putting version " + next.version() + " of '" + next.database() + "' in the place of the current item",
                "Before anything else run 'registry-admin show " + next.database() + "'");
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Map<String, AttributeValue> item = table.get(TableLayout.current(next.database()));
            if (item.isEmpty() || !Items.readResult(next.database(), item).equals(current)) {
                return new WriteResult.Conflict(table.readHere(next.database()));
            }
            Result outcome =
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

    /** Requires that version and write id are still those of {@code item}, whatever their types. */
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

    private List<TransactWriteItem> items(List<Version> versions, List<CutoverLock> held, String writeId) {
        List<TransactWriteItem> items = new ArrayList<>();
        for (Version each : versions) {
            items.add(current(each.next(), each.base(), writeId));
            items.add(history(each.next(), writeId));
        }
        held.forEach(lock -> items.add(LockItems.demand(table.name(), lock)));
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

    /** Another transaction came first; it may have been an earlier attempt of this one. */
    private Optional<NotWritten> refused(
            List<Version> versions, List<CutoverLock> held, String writeId, PendingWrite write, Refused refused) {
        try {
            if (areOurs(versions, writeId)) {
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            throw write.unknown("another version is in its place, or its lock is lost", e);
        }
        for (int index = 0; index < held.size(); index++) {
            int item = versions.size() * ITEMS + index;
            if (refused.failed(item)) {
                DatabaseName database = held.get(index).database();
                return Optional.of(new NotWritten(
                        database, new WriteResult.LockLost(LockItems.lock(database, refused.current(item)))));
            }
        }
        return Optional.of(conflict(versions.get(firstConflict(versions, refused)), write));
    }

    private static int firstConflict(List<Version> versions, Refused refused) {
        for (int index = 0; index < versions.size(); index++) {
            if (refused.failed(index * ITEMS) || refused.failed(index * ITEMS + 1)) {
                return index;
            }
        }
        return 0;
    }

    private NotWritten conflict(Version version, PendingWrite write) {
        ReadResult actual = table.readHere(version.database());
        if (version.base() == 0
                && actual instanceof ReadResult.Absent
                && actual.newest().isEmpty()) {
            throw deletedByHand(version.next(), write);
        }
        return new NotWritten(version.database(), new WriteResult.Conflict(actual));
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
     * Determines whether the versions took effect, or never will. Reads the items that would exclude them before it
     * looks for the versions: in the other order they could take effect in between, and be mistaken for somebody
     * else's.
     */
    private Optional<NotWritten> readBack(
            List<Version> versions, List<CutoverLock> held, String writeId, PendingWrite write, Unclear unclear) {
        List<ReadResult> actual =
                versions.stream().map(each -> table.readHere(each.database())).toList();
        Optional<NotWritten> lost;
        try {
            lost = held.stream().flatMap(each -> lost(each).stream()).findFirst();
            if (areOurs(versions, writeId)) {
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            throw write.unknown(String.valueOf(unclear.problem().getMessage()), e);
        }
        if (lost.isPresent()) {
            return lost;
        }
        for (int index = 0; index < versions.size(); index++) {
            ReadResult current = actual.get(index);
            Version version = versions.get(index);
            if (!(current instanceof ReadResult.Unreadable) && versionOf(current) != version.base()) {
                return Optional.of(new NotWritten(version.database(), new WriteResult.Conflict(current)));
            }
        }
        throw unclear.unsettled(write);
    }

    private Optional<NotWritten> lost(CutoverLock held) {
        Optional<CutoverLock> actual = LockItems.lock(held.database(), table.get(TableLayout.lock(held.database())));
        return held.isStillHeld(actual)
                ? Optional.empty()
                : Optional.of(new NotWritten(held.database(), new WriteResult.LockLost(actual)));
    }

    /** Whether this write wrote the versions; it wrote all of them, or none. */
    private boolean areOurs(List<Version> versions, String writeId) {
        return isOurs(versions.get(0).next(), writeId);
    }

    private boolean isOurs(VersionedSettings next, String writeId) {
        return Items.isWrittenBy(writeId, table.get(TableLayout.history(next.database(), next.version())));
    }

    /** The current version, which no other write can build on; 0 if there is none, -1 if it has no number. */
    private static long versionOf(ReadResult result) {
        return result.version().orElse(result instanceof ReadResult.Absent ? 0L : -1L);
    }
}
