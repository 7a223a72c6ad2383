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
 * What the operator allows this program to log in to, whatever the table says: variables {@code REGISTRY_ADMIN_ALLOW_ENDPOINTS},
 * {@code …_ALLOW_SECRETS}, {@code …_REQUIRE_TLS}, {@code …_ALLOW_CLEARTEXT_PASSWORDS} and {@code …_ALLOW_DRIVER_PROPERTIES}.
 * Thread-safe.
 */
public final class AdminBounds {
    private final Map<String, String> environment;
    /** Guarded by "this". */
    private @Nullable LoginGuard guard;

    /** As this process's environment states them; so they hold wherever nothing else was said. */
    @Inject
    public AdminBounds() {
        this(System.getenv());
    }

    /** As {@code environment} states them; read when they are first needed. */
    public AdminBounds(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * What every login passes.
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

    /** What would be refused of a login as the services log in. */
    public List<String> refusals(ConnectionSettings settings) {
        return guard().refusals(settings.endpoint(), settings.password(), settings.properties());
    }

    /**
     * Checks driver properties that are to be written.
     *
     * @throws InvalidSettingsException naming each that the driver doesn't know, or that services refuse unless they allow it
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
