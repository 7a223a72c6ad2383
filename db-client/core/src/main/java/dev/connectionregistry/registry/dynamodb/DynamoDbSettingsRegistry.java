package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The registry in DynamoDB as a service sees it. A read is one consistent {@code GetItem}, a report one
 * {@code PutItem}; neither takes longer than the client's time-outs allow (4 s for a client that {@link #open}
 * created). If the last settings read spread the reports over several partition keys, the first report under another
 * key takes a second {@code PutItem}, and a report that is denied there takes a further one. An interrupted thread
 * returns at once and stays interrupted. Thread-safe.
 */
public final class DynamoDbSettingsRegistry implements SettingsRegistry, AutoCloseable {
    private final RegistryTable table;
    private final ReportWriter reports;
    private final Runnable onClose;

    /**
     * Uses the caller's client; {@link #close} leaves it open.
     *
     * @throws InvalidSettingsException if {@code table} isn't a valid table name
     */
    public DynamoDbSettingsRegistry(DynamoDbClient client, String table) {
        this(client, table, () -> {});
    }

    private DynamoDbSettingsRegistry(DynamoDbClient client, String table, Runnable onClose) {
        this.table = new RegistryTable(client, table);
        this.reports = new ReportWriter(this.table, System::nanoTime);
        this.onClose = onClose;
    }

    /**
     * Uses its own client, which {@link #close} closes. Doesn't call the table yet.
     *
     * @throws RegistryException if no region is known, or the profile doesn't exist
     */
    public static DynamoDbSettingsRegistry open(TableLocation location) {
        return owning(DynamoDbClients.open(location), location);
    }

    /**
     * As {@link #open(TableLocation)}, with credentials that the caller provides, and closes afterwards. Each lookup of
     * credentials ends after 3 s.
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
        ReadResult read = table.read(database);
        reports.observe(database, read);
        return read;
    }

    @Override
    public Optional<InstanceReport> report(InstanceReport report) {
        return reports.write(report);
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
