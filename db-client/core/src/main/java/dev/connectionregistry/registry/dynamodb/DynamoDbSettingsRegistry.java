package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * The registry in DynamoDB as a service sees it. A read is one consistent {@code GetItem}, a report one {@code PutItem};
 * neither takes longer than the client's time-outs allow (4 s for one that {@link #open} made). An interrupted
 * thread gets away at once and stays interrupted. Thread-safe.
 */
public final class DynamoDbSettingsRegistry implements SettingsRegistry, AutoCloseable {
    private static final Duration REPORTS_LIVE = Duration.ofHours(1);
    private static final int REPORTS_LIVE_HEARTBEATS = 10;

    private final RegistryTable table;
    private final Runnable onClose;

    /**
     * On a client that belongs to the caller; {@link #close} leaves it open.
     *
     * @throws InvalidSettingsException if {@code table} isn't a table's name
     */
    public DynamoDbSettingsRegistry(DynamoDbClient client, String table) {
        this(client, table, () -> {});
    }

    private DynamoDbSettingsRegistry(DynamoDbClient client, String table, Runnable onClose) {
        this.table = new RegistryTable(client, table);
        this.onClose = onClose;
    }

    /**
     * With a client of its own, which {@link #close} closes. Doesn't call the table yet.
     *
     * @throws RegistryException if no region is known, or the profile isn't there
     */
    public static DynamoDbSettingsRegistry open(TableLocation location) {
        return owning(DynamoDbClients.open(location), location);
    }

    /**
     * As {@link #open(TableLocation)}, with credentials that the caller provides, and closes afterwards. Each search for them ends
     * after 3 s.
     *
     * @throws RegistryException if no region is known
     */
    public static DynamoDbSettingsRegistry open(TableLocation location, AwsCredentialsProvider credentials) {
        return owning(DynamoDbClients.open(location, credentials), location);
    }

    private static DynamoDbSettingsRegistry owning(DynamoDbClients.Owned owned, TableLocation location) {
        return new DynamoDbSettingsRegistry(owned.client(), location.table(), owned::close);
    }

    @Override
    public ReadResult read(DatabaseName database) {
        return table.read(database);
    }

    @Override
    public Optional<InstanceReport> report(InstanceReport report) {
        Duration heartbeats = report.heartbeat().multipliedBy(REPORTS_LIVE_HEARTBEATS);
        Duration lives = heartbeats.compareTo(REPORTS_LIVE) > 0 ? heartbeats : REPORTS_LIVE;
        long expiresAt = table.now().plus(lives).getEpochSecond();
        InstanceReport dated = report.withReportedAt(table.toTable(report.reportedAt()));
        return table.call("reporting about " + report.name(), () -> {
            PutItemResponse response = table.client()
                    .putItem(PutItemRequest.builder()
                            .tableName(table.name())
                            .item(Items.item(dated, expiresAt))
                            .returnValues(ReturnValue.ALL_OLD)
                            .build());
            table.observeClock(response);
            return Items.replacedReport(response.attributes());
        });
    }

    @Override
    public String describe() {
        return table.describe();
    }

    /** Closes the client, if {@link #open} made it; later calls fail. Safe to repeat. */
    @Override
    public void close() {
        table.close();
        onClose.run();
    }
}
