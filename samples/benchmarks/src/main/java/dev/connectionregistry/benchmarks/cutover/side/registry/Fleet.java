package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The instances, in this JVM, each with a registry client, a poller and a pool of its own. For one thread. */
final class Fleet implements Callers {
    private static final String SERVICE = "benchmark";

    private final RegistrySide side;
    private final List<RegisteredName> names;
    private final Map<RegistryDataSource, DatabasePair> instances = new LinkedHashMap<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final List<DynamoDbSettingsRegistry> registries = new ArrayList<>();

    private Fleet(RegistrySide side, List<RegisteredName> names) {
        this.side = side;
        this.names = List.copyOf(names);
    }

    /** Starts as many instances of each name, on what the registry says. */
    static Fleet start(RegistrySide side, List<RegisteredName> names, int instances) {
        Fleet fleet = new Fleet(side, names);
        try {
            for (int i = 1; i <= instances; i++) {
                for (RegisteredName name : names) {
                    fleet.startInstance(name, "instance-" + i);
                }
            }
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw new BenchmarkException("an instance cannot be started", e);
        }
    }

    private void startInstance(RegisteredName name, String instance) {
        DynamoDbSettingsRegistry client = side.registry().open();
        registries.add(client);
        Witness witness = new Witness();
        witnesses.add(witness);
        RegistryDataSource dataSource = RegistryDataSource.builder()
                .registry(client)
                .database(name.name())
                .service(SERVICE)
                .instance(instance)
                .secrets(new OwnPassword(name.pair().servers().application()))
                .listener(witness)
                .build();
        instances.put(dataSource, name.pair());
    }

    @Override
    public List<DataSource> dataSources() {
        return List.copyOf(instances.keySet());
    }

    @Override
    public List<DataSource> dataSources(DatabasePair pair) {
        return instances.keySet().stream()
                .filter(each -> pair.equals(instances.get(each)))
                .map(DataSource.class::cast)
                .toList();
    }

    @Override
    public CutoverTimes moveToTarget() {
        CutoverEnd end = side.cutOver(names, List.of());
        return end.times().withHoldParts(end.holdParts(witnesses));
    }

    @Override
    public void close() {
        instances.keySet().forEach(RegistryDataSource::close);
        registries.forEach(DynamoDbSettingsRegistry::close);
    }
}
