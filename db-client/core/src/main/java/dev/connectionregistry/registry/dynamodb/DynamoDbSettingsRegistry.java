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
 * The registry in DynamoDB as a service sees it. A read is one consistent {@code GetItem}, a report one {@code PutItem};
 * neither takes longer than the client's time-outs allow (4 s for one that {@link #open} made). Where the settings that were
 * last read spread the reports over several partition keys, the first report under one of them takes another {@code PutItem},
 * and one that is denied there a further one. An interrupted thread gets away at once and stays interrupted. Thread-safe.
 */
public final class DynamoDbSettingsRegistry implements SettingsRegistry, AutoCloseable {
    private final RegistryTable table;
    private final ReportWriter reports;
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
        this.reports = new ReportWriter(this.table, System::nanoTime);
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

    /** Closes the client, if {@link #open} made it; later calls fail. Safe to repeat. */
    @Override
    public void close() {
        table.close();
        onClose.run();
    }
}
