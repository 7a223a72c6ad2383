package dev.connectionregistry.junit;

import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Configures a {@link RegistryExtension}. At least one {@code database} is required. Not thread-safe. */
public final class RegistryExtensionBuilder {
    private final Set<String> databases = new LinkedHashSet<>();
    private Preparation prepare = connection -> {};
    private @Nullable Supplier<TestServer> first;
    private @Nullable Supplier<TestServer> second;
    private boolean oneServer;
    private Duration timeout = Duration.ofSeconds(30);
    private Duration holdBudget = Duration.ofSeconds(5);
    private SettingsRegistry services;
    private RegistryAdministration operators;

    RegistryExtensionBuilder() {
        InMemoryRegistry memory = new InMemoryRegistry();
        services = memory;
        operators = memory;
    }

    /** Prepares a database for the service, for example with its migrations. */
    @FunctionalInterface
    public interface Preparation {
        /** Called once for each database and server, with a connection of the service's role, which owns the database. */
        void on(Connection connection) throws SQLException;
    }

    /** A database of the registry, which is created on both servers; may be called several times. */
    public RegistryExtensionBuilder database(String name) {
        databases.add(new DatabaseName(name).value());
        return this;
    }

    /** Runs in each database on both servers before the tests. */
    public RegistryExtensionBuilder prepare(Preparation preparation) {
        prepare = preparation;
        return this;
    }

    /**
     * Your own servers, such as containers, instead of two that the extension starts; requested before the first test.
     */
    public RegistryExtensionBuilder servers(Supplier<TestServer> one, Supplier<TestServer> other) {
        first = one;
        second = other;
        return this;
    }

    /**
     * Uses one server under two names instead of two servers: {@code 127.0.0.1} and {@code localhost}, or those given
     * to {@link #servers}. For services whose work is in the database, such as job queues: pools are replaced and held
     * as between two servers, and after a move the rows are there, as if they had been replicated.
     */
    public RegistryExtensionBuilder oneServer() {
        oneServer = true;
        return this;
    }

    /**
     * Your own registry, such as a table in DynamoDB Local or LocalStack, instead of one in memory. It stays yours, and
     * must not have the databases yet.
     *
     * @param forServices the registry that the service reads; {@link RegistryExtension#registry} returns it
     * @param forOperators the same registry, for moves and holds
     */
    public RegistryExtensionBuilder registry(SettingsRegistry forServices, RegistryAdministration forOperators) {
        services = forServices;
        operators = forOperators;
        return this;
    }

    /** How long the service may take to follow; default 30 s. */
    public RegistryExtensionBuilder timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    /**
     * How long a hold waits for the service to return its connections, as {@code cutover --hold-budget}; default 5 s,
     * at most 50 s.
     */
    public RegistryExtensionBuilder holdBudget(Duration budget) {
        holdBudget = budget;
        return this;
    }

    /**
     * Builds the extension; for a static field.
     *
     * @throws InvalidSettingsException naming everything that is missing or not allowed
     */
    public RegistryExtension build() {
        Problems problems = new Problems();
        problems.require(!databases.isEmpty(), "no database is set: call database(\"orders\")");
        problems.requireBetween("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        problems.requireBetween("hold budget", holdBudget, Duration.ofMillis(100), Duration.ofSeconds(50));
        problems.throwIfAny();
        return new RegistryExtension(this);
    }

    Set<String> databases() {
        return databases;
    }

    Preparation prepare() {
        return prepare;
    }

    boolean isOneServer() {
        return oneServer;
    }

    TestServer first() {
        return first == null ? TestServer.first() : first.get();
    }

    TestServer second() {
        if (second != null) {
            return second.get();
        }
        return oneServer ? TestServer.first().withHost("localhost") : TestServer.second();
    }

    Duration timeout() {
        return timeout;
    }

    Duration holdBudget() {
        return holdBudget;
    }

    SettingsRegistry services() {
        return services;
    }

    RegistryAdministration operators() {
        return operators;
    }
}
