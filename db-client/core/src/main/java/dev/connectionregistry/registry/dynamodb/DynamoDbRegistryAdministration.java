package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * The registry in DynamoDB as an operator sees it. Every read is consistent. Each request is bounded by the client's
 * time-outs (4 s for a client that {@link #open} created); a list makes one request per megabyte. An interrupted thread
 * returns at once and stays interrupted. Thread-safe.
 */
public final class DynamoDbRegistryAdministration implements RegistryAdministration, AutoCloseable {
    private static final Logger log = CleanLogger.of(DynamoDbRegistryAdministration.class);

    private final RegistryTable table;
    private final VersionWriter writer;
    private final PartitionQueries queries;
    private final FleetReader fleets;
    private final CutoverRegistry cutovers;
    private final Runnable onClose;

    /**
     * Uses the caller's client; {@link #close} leaves it open.
     *
     * @throws InvalidSettingsException if {@code table} isn't a valid table name
     */
    public DynamoDbRegistryAdministration(DynamoDbClient client, String table) {
        this(client, table, () -> {});
    }

    private DynamoDbRegistryAdministration(DynamoDbClient client, String table, Runnable onClose) {
        this.table = new RegistryTable(client, table);
        this.queries = new PartitionQueries(this.table);
        this.fleets = new FleetReader(this.table, queries);
        Transactions transactions = new Transactions(this.table);
        this.writer = new VersionWriter(this.table, transactions);
        this.cutovers = new DynamoDbCutoverRegistry(this.table, transactions, writer);
        this.onClose = onClose;
    }

    /**
     * Uses its own client, which {@link #close} closes. Doesn't call the table yet.
     *
     * @throws RegistryException if no region is known, or the profile doesn't exist
     */
    public static DynamoDbRegistryAdministration open(TableLocation location) {
        DynamoDbClients.Owned owned = DynamoDbClients.open(location);
        return new DynamoDbRegistryAdministration(owned.client(), location.table(), owned::close);
    }

    /** The same table for cutovers, on the same client; {@link #close} ends it too. */
    public CutoverRegistry cutovers() {
        return cutovers;
    }

    /**
     * {@inheritDoc} Also enables the table's time to live. Safe to repeat, and safe for two callers at once.
     *
     * @throws RegistryException of kind INVALID, naming the difference, if the table exists but has other keys
     */
    @Override
    public boolean createTable() {
        return new TableSetup(table).createIfMissing();
    }

    @Override
    public ReadResult read(DatabaseName database) {
        return table.read(database);
    }

    @Override
    public List<Listed> list() {
        return logged(readList()).items();
    }

    @Override
    public ItemsRead<Listed> readList() {
        return table.call("listing the databases", () -> {
            List<Listed> listed = new ArrayList<>();
            List<Unreadable> unreadable = new ArrayList<>();
            ScanRequest.Builder scan = ScanRequest.builder()
                    .tableName(table.name())
                    .consistentRead(true)
                    .filterExpression("sk = :current AND begins_with(pk, :settings)")
                    .expressionAttributeValues(Map.of(
                            ":current", AttributeValue.fromS(TableLayout.CURRENT),
                            ":settings", AttributeValue.fromS(TableLayout.SETTINGS)));
            ScanResponse page;
            do {
                page = table.client().scan(scan.build());
                page.items().forEach(item -> addTo(listed, unreadable, item));
                scan.exclusiveStartKey(page.lastEvaluatedKey());
            } while (!page.lastEvaluatedKey().isEmpty());
            listed.sort(Comparator.comparing(each -> each.database().value()));
            return new ItemsRead<>(listed, unreadable);
        });
    }

    private static void addTo(List<Listed> listed, List<Unreadable> unreadable, Map<String, AttributeValue> item) {
        String key = Items.text(item, TableLayout.PK);
        try {
            DatabaseName database = new DatabaseName(key.substring(TableLayout.SETTINGS.length()));
            ReadResult result = Items.readResult(database, item);
            if (!(result instanceof ReadResult.Absent)) {
                listed.add(new Listed(database, result));
            }
        } catch (InvalidSettingsException e) {
            unreadable.add(new Unreadable(Printable.line(key), Printable.line(String.valueOf(e.getMessage()))));
        }
    }

    /** For callers that only ask for readable items: logs the others. */
    private <T> ItemsRead<T> logged(ItemsRead<T> read) {
        read.unreadable()
                .forEach(each -> log.warn(
                        "{}: {} is left out: {}",
                        describe(),
                        Printable.line(each.key()),
                        Printable.line(each.reason())));
        return read;
    }

    @Override
    public WriteResult write(VersionedSettings next, long base) {
        return writer.write(next, base);
    }

    /**
     * {@inheritDoc}
     *
     * @throws RegistryException also, of kind INVALID, if the version exists but can't be read
     */
    @Override
    public Optional<VersionedSettings> version(DatabaseName database, long version) {
        return table.call("reading version " + version + " of '" + database + "'", () -> {
            Map<String, AttributeValue> item = table.get(TableLayout.history(database, version));
            if (item.isEmpty()) {
                return Optional.empty();
            }
            VersionedSettings past = Items.pastVersion(item);
            Items.requireKey(item, TableLayout.history(past.database(), past.version()), "version " + past.version());
            return Optional.of(past);
        });
    }

    @Override
    public WriteResult repair(VersionedSettings next, ReadResult current) {
        return writer.repair(next, current);
    }

    /** {@inheritDoc} Versions that this release can't read are left out, each with a warning in the log. */
    @Override
    public List<VersionedSettings> history(DatabaseName database, int limit) {
        return logged(readHistory(database, limit)).items();
    }

    @Override
    public ItemsRead<VersionedSettings> readHistory(DatabaseName database, int limit) {
        List<VersionedSettings> history = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        if (limit < 1) {
            return new ItemsRead<>(history, unreadable);
        }
        QueryRequest.Builder query = queries.builder(TableLayout.HISTORY + database, TableLayout.VERSION)
                .scanIndexForward(false)
                .limit(Math.min(limit, 1000));
        queries.forEach("reading the history of '" + database + "'", query, item -> {
            try {
                VersionedSettings version = Items.pastVersion(item);
                Items.requireKey(
                        item, TableLayout.history(database, version.version()), "version " + version.version());
                history.add(version);
            } catch (InvalidSettingsException e) {
                unreadable.add(new Unreadable(
                        Items.text(item, TableLayout.SK), Printable.line(String.valueOf(e.getMessage()))));
            }
            return history.size() < limit;
        });
        return new ItemsRead<>(history, unreadable);
    }

    /** {@inheritDoc} Reports that this release can't read are left out, each with a warning in the log. */
    @Override
    public List<InstanceReport> fleet(DatabaseName database) {
        return logged(readFleet(database)).items();
    }

    @Override
    public ItemsRead<InstanceReport> readFleet(DatabaseName database) {
        return fleets.read(database);
    }

    @Override
    public List<AccessCheck> checkAccess() {
        try {
            return table.call("trying the rights", () -> new AccessChecks(table).run());
        } catch (RegistryException e) {
            return List.of(new AccessCheck("anything", false, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public String describe() {
        return table.describe();
    }

    /** Closes the client if {@link #open} created it; later calls fail. Safe to repeat. */
    @Override
    public void close() {
        table.close();
        onClose.run();
    }
}
