package dev.connectionregistry.containers;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.testing.Load;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A service as users write it: everything is found through the table. Two threads use its data source all the time. */
final class LiveService implements AutoCloseable {
    private final DynamoDbSettingsRegistry registry;
    private final RegistryDataSource dataSource;
    private final Load load;

    LiveService(TableLocation table, String instance) {
        registry = DynamoDbSettingsRegistry.open(table);
        try {
            dataSource = RegistryDataSource.builder()
                    .registry(registry)
                    .database("orders")
                    .service("checkout")
                    .instance(instance)
                    .build();
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
        load = Load.start(dataSource::getConnection, 2, (connection, number) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        });
    }

    RegistryDataSource dataSource() {
        return dataSource;
    }

    /** Ends the load; what failed under it. */
    List<SQLException> failures() {
        load.stop();
        return load.failures();
    }

    @Override
    public void close() {
        load.close();
        dataSource.close();
        registry.close();
    }
}
