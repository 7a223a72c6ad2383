package dev.connectionregistry.samples.quarkus;

import dev.connectionregistry.jdbc.RegistryDriver;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;

/** Ends the driver's data source with the application, so that operators see that it stopped, and no live reload leaves one behind. */
@Singleton
final class DriverShutdown {
    void stop(@Observes ShutdownEvent event) throws SQLException {
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver instanceof RegistryDriver) {
                DriverManager.deregisterDriver(driver);
            }
        }
    }
}
