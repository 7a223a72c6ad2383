package dev.connectionregistry.registry.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.CutoverRegistryContract;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.settings.DatabaseName;
import org.junit.jupiter.api.Test;

final class InMemoryCutoverRegistryTest extends CutoverRegistryContract {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Override
    protected CutoverRegistry cutovers() {
        return registry;
    }

    @Override
    protected RegistryAdministration operators() {
        return registry;
    }

    @Test
    void anOutageFailsTheCutoversCallsToo() {
        RegistryException outage = new RegistryException(Kind.UNREACHABLE, "down", null);
        registry.fail(outage);
        assertThatThrownBy(() -> registry.lock(new DatabaseName("orders"))).isSameAs(outage);
        assertThatThrownBy(() -> registry.journals(new DatabaseName("orders"), 1))
                .isSameAs(outage);
    }
}
