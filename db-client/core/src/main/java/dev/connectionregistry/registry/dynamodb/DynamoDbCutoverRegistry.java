package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.codec.LockCodec;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.dynamodb.Transactions.Done;
import dev.connectionregistry.registry.dynamodb.Transactions.Refused;
import dev.connectionregistry.registry.dynamodb.Transactions.Result;
import dev.connectionregistry.registry.dynamodb.Transactions.Unclear;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What cutovers keep in the table. Every read is consistent and every write is a transaction. Calls are bounded and
 * interruptible like those of {@link DynamoDbRegistryAdministration}, which creates this object and owns its resources.
 * Thread-safe.
 */
final class DynamoDbCutoverRegistry implements CutoverRegistry {
    private final RegistryTable table;
    private final Transactions transactions;
    private final VersionWriter settings;
    private final PartitionQueries queries;

    DynamoDbCutoverRegistry(RegistryTable table, Transactions transactions, VersionWriter settings) {
        this.table = table;
        this.transactions = transactions;
        this.settings = settings;
        this.queries = new PartitionQueries(table);
    }

    @Override
    public Optional<CutoverLock> lock(DatabaseName database) {
        return table.call("reading the cutover lock of '" + database + "'", () -> lockHere(database));
    }

    private Optional<CutoverLock> lockHere(DatabaseName database) {
        return LockItems.lock(database, table.get(TableLayout.lock(database)));
    }

    @Override
    public boolean writeLocks(List<CutoverLock> next) {
        CutoverRegistry.requireRoom(next.size());
        CutoverLock first = next.get(0);
        PendingWrite write = new PendingWrite(
                "writing epoch " + first.epoch() + " of the cutover lock of '"
                        + next.stream().map(each -> each.database().value()).collect(Collectors.joining("', '")) + "'",
                "Before anything else run 'registry-admin cutover status " + first.database()
                        + "': if the lock is at epoch " + first.epoch() + " by " + first.by() + " of " + first.at()
                        + ", it did");
        return transactions.run(write, () -> {
            String request = UUID.randomUUID().toString();
            Result outcome = transactions.send(write, request, lockItems(next));
            return outcome instanceof Done || areWritten(next, write, outcome);
        });
    }

    /** The items of the locks. Each lock whose journal another database keeps also gets an item that refers to it. */
    private List<TransactWriteItem> lockItems(List<CutoverLock> next) {
        List<TransactWriteItem> items = new ArrayList<>();
        next.forEach(lock -> items.add(LockItems.put(table.name(), lock)));
        next.stream()
                .filter(lock -> !lock.journal().equals(lock.database()))
                .forEach(lock -> items.add(LockItems.reference(table.name(), lock)));
        return items;
    }

    /**
     * Whether the table has {@code next}, which may have been written without an answer; it has all of them, or none.
     */
    private boolean areWritten(List<CutoverLock> next, PendingWrite write, Result outcome) {
        boolean overtaken = false;
        for (CutoverLock each : next) {
            Optional<CutoverLock> actual;
            try {
                actual = lockHere(each.database());
            } catch (RuntimeException e) {
                throw write.unknown("the lock can't be read", e);
            }
            if (actual.filter(lock -> lock.token().equals(each.token())).isPresent()) {
                return true;
            }
            overtaken |= actual.filter(lock -> lock.epoch() >= each.epoch()).isPresent();
        }
        if (outcome instanceof Unclear unclear && !overtaken) {
            throw unclear.unsettled(write);
        }
        return false;
    }

    @Override
    public Optional<NotWritten> writeAll(List<VersionedSettings> next, List<CutoverLock> held) {
        CutoverRegistry.requireRoom(held.size());
        return settings.writeUnder(held, next);
    }

    @Override
    public boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        PendingWrite write = new PendingWrite(
                "writing the journal of " + held.runId() + " of '" + held.database() + "'",
                "Taking the lock over ('registry-admin cutover resume " + held.database() + "', or abort) settles it");
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Result outcome = transactions.send(
                    write,
                    writeId,
                    List.of(journalItem(held, document, writeId), LockItems.demand(table.name(), held)));
            return outcome instanceof Done || isJournalWritten(held, writeId, write, outcome);
        });
    }

    private TransactWriteItem journalItem(CutoverLock held, Map<String, ?> document, String writeId) {
        Map<String, AttributeValue> item = Attributes.toItem(document);
        item.putAll(TableLayout.run(held.database(), held.runId()));
        item.put(TableLayout.WRITE_ID, AttributeValue.fromS(writeId));
        return TransactWriteItem.builder()
                .put(Put.builder().tableName(table.name()).item(item).build())
                .build();
    }

    /**
     * Reads the lock first: if it is lost, nothing more is written, and the journal's content at that point is final.
     */
    private boolean isJournalWritten(CutoverLock held, String writeId, PendingWrite write, Result outcome) {
        try {
            boolean lost = outcome instanceof Refused || !held.isStillHeld(lockHere(held.database()));
            if (Items.isWrittenBy(writeId, table.get(TableLayout.run(held.database(), held.runId())))) {
                return true;
            } else if (lost) {
                return false;
            }
        } catch (RuntimeException e) {
            throw write.unknown("lock and journal can't be read", e);
        }
        throw ((Unclear) outcome).unsettled(write);
    }

    @Override
    public Optional<Map<String, Object>> journal(DatabaseName database, String runId) {
        return table.call("reading the journal of " + runId + " of '" + database + "'", () -> document(database, runId)
                .flatMap(each -> followed(each, runId)));
    }

    private Optional<Map<String, Object>> document(DatabaseName database, String runId) {
        Map<String, AttributeValue> item = table.get(TableLayout.run(database, runId));
        return item.isEmpty() ? Optional.empty() : Optional.of(Attributes.toDocument(item));
    }

    /** The journal itself, or the one that this document refers to. */
    private Optional<Map<String, Object>> followed(Map<String, Object> document, String runId) {
        return LockCodec.referenced(document).map(home -> document(home, runId)).orElse(Optional.of(document));
    }

    /** {@inheritDoc} Reads all journals: their keys don't say which is the latest. */
    @Override
    public List<Map<String, Object>> journals(DatabaseName database, int limit) {
        String doing = "reading the cutover journals of '" + database + "'";
        List<Map<String, Object>> journals = new ArrayList<>();
        Set<String> elsewhere = new LinkedHashSet<>();
        queries.forEach(doing, queries.builder(TableLayout.CUTOVER + database, TableLayout.RUN), item -> {
            Map<String, Object> document = Attributes.toDocument(item);
            if (LockCodec.referenced(document).isEmpty()) {
                journals.add(document);
            } else {
                elsewhere.add(Items.text(item, TableLayout.SK).substring(TableLayout.RUN.length()));
            }
            return true;
        });
        elsewhere.forEach(runId -> journal(database, runId).ifPresent(journals::add));
        return journals.stream().sorted(LATEST_FIRST).limit(Math.max(0, limit)).toList();
    }
}
