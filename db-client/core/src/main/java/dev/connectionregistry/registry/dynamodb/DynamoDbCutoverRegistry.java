package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.dynamodb.Transactions.Done;
import dev.connectionregistry.registry.dynamodb.Transactions.Outcome;
import dev.connectionregistry.registry.dynamodb.Transactions.Refused;
import dev.connectionregistry.registry.dynamodb.Transactions.Unclear;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What cutovers keep in the table. Every read is consistent, every write a transaction; bounded and interruptible as
 * {@link DynamoDbRegistryAdministration} is, which makes it and owns what it works with. Thread-safe.
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
    public boolean writeLock(CutoverLock next) {
        PendingWrite write = new PendingWrite(
                "writing epoch " + next.epoch() + " of the cutover lock of '" + next.database() + "'",
                "Before anything else run 'registry-admin cutover status " + next.database()
                        + "': if the lock is at epoch " + next.epoch() + " by " + next.by() + " of " + next.at()
                        + ", it did");
        return transactions.run(write, () -> {
            String request = UUID.randomUUID().toString();
            Outcome outcome = transactions.send(write, request, List.of(LockItems.put(table.name(), next)));
            return outcome instanceof Done || stands(next, write, outcome);
        });
    }

    /** Whether {@code next}, which may have been written without an answer, is what the table has. */
    private boolean stands(CutoverLock next, PendingWrite write, Outcome outcome) {
        Optional<CutoverLock> actual;
        try {
            actual = lockHere(next.database());
        } catch (RuntimeException e) {
            throw write.unknown("the lock can't be read", e);
        }
        if (actual.filter(lock -> lock.token().equals(next.token())).isPresent()) {
            return true;
        }
        boolean overtaken = actual.filter(lock -> lock.epoch() >= next.epoch()).isPresent();
        if (outcome instanceof Unclear unclear && !overtaken) {
            throw unclear.unsettled(write);
        }
        return false;
    }

    @Override
    public WriteResult write(VersionedSettings next, CutoverLock held) {
        return settings.write(next, next.version() - 1, Optional.of(held));
    }

    @Override
    public boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        PendingWrite write = new PendingWrite(
                "writing the journal of " + held.runId() + " of '" + held.database() + "'",
                "Taking the lock over ('registry-admin cutover resume " + held.database() + "', or abort) settles it");
        return transactions.run(write, () -> {
            String writeId = UUID.randomUUID().toString();
            Outcome outcome = transactions.send(
                    write,
                    writeId,
                    List.of(journalItem(held, document, writeId), LockItems.demand(table.name(), held)));
            return outcome instanceof Done || journalStands(held, writeId, write, outcome);
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

    /** The lock is read first: if it is lost, nothing is written any more, and what the journal says then is final. */
    private boolean journalStands(CutoverLock held, String writeId, PendingWrite write, Outcome outcome) {
        try {
            boolean lost = outcome instanceof Refused || !held.standsAs(lockHere(held.database()));
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
        return table.call("reading the journal of " + runId + " of '" + database + "'", () -> {
            Map<String, AttributeValue> item = table.get(TableLayout.run(database, runId));
            return item.isEmpty() ? Optional.empty() : Optional.of(Attributes.toDocument(item));
        });
    }

    /** {@inheritDoc} Reads all of them: their keys don't say which is the latest. */
    @Override
    public List<Map<String, Object>> journals(DatabaseName database, int limit) {
        List<Map<String, Object>> journals = new ArrayList<>();
        queries.forEach(
                "reading the cutover journals of '" + database + "'",
                queries.builder(TableLayout.CUTOVER + database, TableLayout.RUN),
                item -> journals.add(Attributes.toDocument(item)));
        return journals.stream().sorted(LATEST_FIRST).limit(Math.max(0, limit)).toList();
    }
}
