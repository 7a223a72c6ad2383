package dev.connectionregistry.admin.server;

import dev.connectionregistry.core.internal.bounds.BoundsOwner;
import dev.connectionregistry.core.internal.bounds.BoundsVariables;
import dev.connectionregistry.core.internal.bounds.LoginGuard;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator allows this program to log in, whatever the table says: variables
 * {@code REGISTRY_ADMIN_ALLOW_ENDPOINTS}, {@code …_ALLOW_SECRETS}, {@code …_REQUIRE_TLS},
 * {@code …_ALLOW_CLEARTEXT_PASSWORDS} and {@code …_ALLOW_DRIVER_PROPERTIES}. Thread-safe.
 */
public final class AdminBounds {
    private final Map<String, String> environment;
    /** Guarded by "this". */
    private @Nullable LoginGuard guard;

    /** The bounds in this process's environment, so they apply wherever nothing else is given. */
    @Inject
    public AdminBounds() {
        this(System.getenv());
    }

    /** The bounds in {@code environment}; read when they are first needed. */
    public AdminBounds(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The guard that every login must pass.
     *
     * @throws InvalidSettingsException naming each variable that can't be read
     */
    public synchronized LoginGuard guard() {
        LoginGuard present = guard;
        if (present == null) {
            present = new LoginGuard(BoundsVariables.read(BoundsOwner.ADMIN, environment), BoundsOwner.ADMIN);
            guard = present;
        }
        return present;
    }

    /** What would be refused if this program logged in as the services do. */
    public List<String> refusals(ConnectionSettings settings) {
        return guard().refusals(settings.endpoint(), settings.password(), settings.properties());
    }

    /**
     * Checks driver properties that will be written.
     *
     * @throws InvalidSettingsException naming each property that the driver doesn't know, or that services refuse
     *     unless they allow it
     */
    public void requireProperties(Map<String, String> properties) {
        List<String> refused = refusedProperties(properties);
        if (!refused.isEmpty()) {
            throw new InvalidSettingsException(refused);
        }
    }

    /** What is wrong with driver properties, as {@link #requireProperties} says it. */
    public List<String> refusedProperties(Map<String, String> properties) {
        return guard().bounds().checkProperties(properties).stream()
                .map(refusal -> refusal.text(BoundsOwner.ADMIN))
                .toList();
    }
}
