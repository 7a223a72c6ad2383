package dev.connectionregistry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Applications that a container starts and stops, each with a class loader of its own. */
public final class ThrowAwayLoaders {
    /** How many applications are started and stopped. */
    public static final int LOADERS = 5;

    private ThrowAwayLoaders() {}

    /**
     * Runs an application in {@link #LOADERS} loaders, one after the other, and waits until none of them is left although the threads
     * that called it live on.
     *
     * @param application a public class with a public constructor; each of its instances is from another loader
     * @param argument what each is called with
     */
    public static void requireNothingRemains(Class<? extends Consumer<String>> application, String argument)
            throws Exception {
        // or the JVM would look for drivers once and for all in the first application's loader
        assertThat(DriverManager.drivers()).isNotEmpty();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try {
            for (int i = 0; i < LOADERS; i++) {
                loaders.add(run(application, argument, callers));
            }
            // the JDK keeps the types of the record whose equals was linked last (java.lang.runtime.ObjectMethods), and
            // so one loader
            run(application, argument, callers);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                System.gc();
                // asked without get(): a failed assertion would keep what it is about until the next try
                assertThat(loaders).allMatch(loader -> loader.refersTo(null));
            });
            Leftovers.awaitNoThreads();
        } finally {
            callers.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> run(
            Class<? extends Consumer<String>> type, String argument, ExecutorService callers) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            @SuppressWarnings("unchecked")
            Consumer<String> application = (Consumer<String>)
                    loader.loadClass(type.getName()).getDeclaredConstructor().newInstance();
            callers.submit(() -> {
                        Thread thread = Thread.currentThread();
                        ClassLoader before = thread.getContextClassLoader();
                        thread.setContextClassLoader(loader);
                        try {
                            application.accept(argument);
                        } finally {
                            thread.setContextClassLoader(before);
                        }
                    })
                    .get();
            return new WeakReference<>(loader);
        }
    }

    /** This JVM's class path, as a loader wants it. */
    public static URL[] classPath() {
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

    /** As containers do when they stop an application: deregisters its drivers, which register themselves. */
    public static void deregisterDrivers() {
        // if another loader's Postgres driver is registered, asking loads and registers this loader's, too late for the
        // answer
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
