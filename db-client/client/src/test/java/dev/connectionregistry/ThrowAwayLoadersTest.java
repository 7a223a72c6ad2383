package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.StubConnector;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Applications that a container starts and stops, each with a class loader of its own. */
@Timeout(120)
class ThrowAwayLoadersTest {
    private static final int LOADERS = 5;
    private static final int DATA_SOURCES = 40;

    /** What runs in each loader; public, since it is called from another. */
    public static final class Application implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < DATA_SOURCES; i++) {
                InMemoryRegistry registry = new InMemoryRegistry();
                registry.put(
                        "orders",
                        ConnectionSettings.of(
                                Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:NOT_NEEDED")));
                try (RegistryDataSource dataSource = RegistryDataSource.builder()
                                .registry(registry)
                                .database("orders")
                                .service("checkout")
                                .connector(new StubConnector())
                                .build();
                        Connection connection = dataSource.getConnection()) {
                    assertThat(connection.isClosed()).isFalse();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            deregisterDrivers();
        }

        /** As containers do when they stop an application; the Postgres driver registers itself. */
        private static void deregisterDrivers() {
            // if another loader's Postgres driver is registered, asking loads and registers this loader's, too late for
            // the answer
            DriverManager.getDrivers();
            for (Driver driver : Collections.list(DriverManager.getDrivers())) {
                try {
                    DriverManager.deregisterDriver(driver);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Test
    void nothingRemainsOfTwoHundredDataSourcesAlthoughTheirCallersLiveOn() throws Exception {
        // or the JVM would look for drivers once and for all in the first application's loader
        assertThat(DriverManager.drivers()).isNotEmpty();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try {
            for (int i = 0; i < LOADERS; i++) {
                loaders.add(runApplication(callers));
            }
            // the JDK keeps the types of the record whose equals was linked last (java.lang.runtime.ObjectMethods), and
            // so one loader
            runApplication(callers);
            await().untilAsserted(() -> {
                System.gc();
                assertThat(loaders)
                        .allSatisfy(loader -> assertThat(loader.get()).isNull());
            });
        } finally {
            callers.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> runApplication(ExecutorService callers) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Runnable application = (Runnable) loader.loadClass(Application.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            Future<?> ended = callers.submit(() -> {
                Thread thread = Thread.currentThread();
                ClassLoader before = thread.getContextClassLoader();
                thread.setContextClassLoader(loader);
                try {
                    application.run();
                } finally {
                    thread.setContextClassLoader(before);
                }
            });
            ended.get();
            return new WeakReference<>(loader);
        }
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator"), -1))
                .map(entry -> {
                    try {
                        return Path.of(entry).toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalStateException(entry, e);
                    }
                })
                .toArray(URL[]::new);
    }
}
