package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The instances, in this JVM, each with a registry client, a poller and a pool of its own. For one thread. */
final class Fleet implements Callers {
    private static final String SERVICE = "benchmark";

    private final RegistrySide side;
    private final DatabasePair pair;
    private final List<RegistryDataSource> instances = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final List<DynamoDbSettingsRegistry> registries = new ArrayList<>();

    private Fleet(RegistrySide side, DatabasePair pair) {
        this.side = side;
        this.pair = pair;
    }

    /** Starts all instances on what the registry says. */
    static Fleet start(RegistrySide side, DatabasePair pair) {
        Fleet fleet = new Fleet(side, pair);
        try {
            for (int i = 1; i <= INSTANCES; i++) {
                fleet.startInstance("instance-" + i);
            }
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw new BenchmarkException("an instance cannot be started on " + pair.sourceEndpoint(), e);
        }
    }

    private void startInstance(String name) {
        DynamoDbSettingsRegistry client = side.registry().open();
        registries.add(client);
        Witness witness = new Witness();
        witnesses.add(witness);
        instances.add(RegistryDataSource.builder()
                .registry(client)
                .database(pair.name())
                .service(SERVICE)
                .instance(name)
                .secrets(new OwnPassword(pair.servers().application()))
                .listener(witness)
                .build());
    }

    @Override
    public List<DataSource> dataSources() {
        return List.copyOf(instances);
    }

    @Override
    public CutoverTimes moveToTarget() {
        CutoverEnd end = side.cutOver(pair, List.of());
        return end.times().withHoldParts(end.holdParts(witnesses));
    }

    @Override
    public void close() {
        instances.forEach(RegistryDataSource::close);
        registries.forEach(DynamoDbSettingsRegistry::close);
    }
}
