package dev.connectionregistry.junit;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two Postgres servers and a registry in which a test moves and holds its own service, as an operator would. For a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RegistryExtension registry = RegistryExtension.builder()
 *         .database("orders")
 *         .prepare(connection -> migrate(connection)) // on both servers
 *         .build();
 *
 * @Test
 * void survivesAMoveAndAHold() {
 *     registry.move("orders", registry.second());
 *     registry.holdFor("orders", Duration.ofSeconds(2));
 * }
 * }</pre>
 *
 * Pass {@link #registry()} to the service. The servers do not replicate: each has only the rows that were written to
 * it. To test a service that needs its rows after a move, use {@link RegistryExtensionBuilder#oneServer}. Methods that
 * move or hold are for one thread at a time.
 */
public final class RegistryExtension implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration POLL = Duration.ofMillis(50);

    private final RegistryExtensionBuilder with;
    private final Map<String, String> postgresNames = new LinkedHashMap<>();
    private @Nullable TestServer first;
    private @Nullable TestServer second;
    private @Nullable Path passwordFile;
    private String role = "";

    RegistryExtension(RegistryExtensionBuilder with) {
        this.with = with;
    }

    /** An empty builder. */
    public static RegistryExtensionBuilder builder() {
        return new RegistryExtensionBuilder();
    }

    /** Calls {@link #start}. */
    @Override
    public void beforeAll(ExtensionContext context) throws SQLException, IOException {
        start();
    }

    /** Calls {@link #stop}. */
    @Override
    public void afterAll(ExtensionContext context) throws SQLException, IOException {
        stop();
    }

    /**
     * Creates the databases on both servers, and registers them on the first. Only for a framework that starts the
     * service before JUnit calls the test's extensions, as Quarkus does. In that case the extension is not in a field
     * of the test, and {@link #stop} must be called after the service has ended.
     */
    public void start() throws SQLException, IOException {
        first = with.first();
        second = with.second();
        int number = NUMBERS.incrementAndGet();
        role = "app_" + number;
        String password = UUID.randomUUID().toString();
        passwordFile = Files.writeString(Files.createTempFile("registry-password", ""), password);
        for (String name : with.databases()) {
            String postgresName = name + "_" + number;
            postgresNames.put(name, postgresName);
            for (TestServer server : servers()) {
                server.create(postgresName, role + "_" + name, password);
                try (Connection connection = server.connect(postgresName, role + "_" + name, password)) {
                    with.prepare().on(connection);
                }
            }
            Change change = new Change("db-client-junit", Instant.now(), "");
            with.operators().write(VersionedSettings.first(new DatabaseName(name), settings(name, first()), change));
        }
    }

    /** Removes what {@link #start} has created; the service must be closed by then. */
    public void stop() throws SQLException, IOException {
        for (Map.Entry<String, String> each : postgresNames.entrySet()) {
            for (TestServer server : servers()) {
                server.drop(each.getValue(), role + "_" + each.getKey());
            }
        }
        if (passwordFile != null) {
            Files.deleteIfExists(passwordFile);
        }
    }

    private static TestServer started(@Nullable TestServer server) {
        if (server == null) {
            throw new IllegalStateException(
                    "the extension has not started: register it in a static field, or call start()");
        }
        return server;
    }

    /** Both servers, or the one if there is only one. */
    private List<TestServer> servers() {
        return with.isOneServer() ? List.of(first()) : List.of(first(), second());
    }

    /** The server that every database is on when the tests begin. */
    public TestServer first() {
        return started(first);
    }

    /** The other server. */
    public TestServer second() {
        return started(second);
    }

    /** The registry that the service reads and reports to: {@code RegistryDataSource.builder().registry(...)}. */
    public SettingsRegistry registry() {
        return with.services();
    }

    /** The settings of {@code database} on {@code server}, polled every 50 ms. */
    public ConnectionSettings settings(String database, TestServer server) {
        Endpoint endpoint = new Endpoint(server.host(), server.port(), postgresName(database));
        return ConnectionSettings.of(endpoint, role + "_" + database, SecretRef.parse("file:" + passwordFile))
                .withPolling(Polling.every(POLL));
    }

    /** The name of {@code database} on the servers; for queries as the superuser. */
    public String postgresName(String database) {
        String name = postgresNames.get(database);
        if (name == null) {
            throw new IllegalArgumentException(
                    "database '" + database + "' is not one of this extension's: " + with.databases());
        }
        return name;
    }

    /** The last reports of the service's live instances. */
    public List<InstanceReport> fleet(String database) {
        return fleetOf(database).live();
    }

    /** The server that {@code database} is on now. */
    public TestServer current(String database) {
        Endpoint endpoint = fleetOf(database).current().settings().endpoint();
        return endpoint.port() == first().port() && endpoint.host().equals(first().host()) ? first() : second();
    }

    /**
     * Moves as {@code registry-admin set-endpoint} does: returns when every live instance serves from {@code server}.
     *
     * @throws AssertionError if no instance is alive, or one has not moved within the time-out; the message has its
     *     last report
     */
    public void move(String database, TestServer server) {
        during(() -> fleetOf(database).move(settings(database, server)));
    }

    /**
     * Holds the service as {@code registry-admin cutover --rehearse} does, and then releases it on the same server:
     * instances open a standby pool on the other server, give no caller a connection, wait until all connections are
     * returned, and stay held for {@code hold}.
     *
     * @param hold together with the hold budget at most a minute
     * @throws AssertionError if no instance is alive, one can't reach the other server, or its connections are not
     *     returned within the hold budget; callers are then released
     */
    public void holdFor(String database, Duration hold) {
        TestServer here = current(database);
        TestServer other = here.equals(first()) ? second() : first();
        during(() -> fleetOf(database).hold(settings(database, other), checked(hold), settings(database, here)));
    }

    /**
     * As {@link #holdFor}, but the service continues on {@code server}: a cutover as the service sees it. No row is
     * copied.
     *
     * @param hold together with the hold budget at most a minute
     * @throws AssertionError as {@link #holdFor}
     */
    public void cutOver(String database, TestServer server, Duration hold) {
        ConnectionSettings target = settings(database, server);
        during(() -> fleetOf(database).hold(target, checked(hold), target));
    }

    private Duration checked(Duration hold) {
        Duration longest = Transition.LONGEST_BUDGET.minus(with.holdBudget());
        if (hold.isNegative() || hold.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "hold is " + hold.toMillis() + " ms; it must be at most " + longest.toMillis() + " ms");
        }
        return hold;
    }

    private Fleet fleetOf(String database) {
        postgresName(database);
        return new Fleet(with.operators(), new DatabaseName(database), with.timeout(), with.holdBudget());
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static void during(Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
