package dev.connectionregistry.registry.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryContract;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InMemoryRegistryTest extends RegistryContract {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @Override
    protected SettingsRegistry services() {
        return registry;
    }

    @Override
    protected RegistryAdministration operators() {
        return registry;
    }

    @Override
    protected void putRaw(DatabaseName database, Map<String, Object> document) {
        registry.putDocument(database.value(), document);
    }

    @Test
    void putWritesTheNextVersionWhateverWasThere() {
        assertThat(registry.put("orders", settings("db1")).version()).isEqualTo(1);
        assertThat(registry.put("orders", settings("db2")).version()).isEqualTo(2);
        assertThat(registry.history(new DatabaseName("orders"), 9)).hasSize(2);
    }

    @Test
    void anOutageFailsEveryCallUntilItEnds() {
        addFirst();
        RegistryException outage = new RegistryException(Kind.UNREACHABLE, "down", null);
        registry.fail(outage);
        assertThat(registry.read(database())).isEqualTo(new ReadResult.Unreadable(outage));
        assertThatThrownBy(() -> registry.report(report("a", "b", InstanceState.ACTIVE, 1)))
                .isSameAs(outage);
        assertThatThrownBy(registry::list).isSameAs(outage);
        registry.recover();
        assertThat(registry.read(database())).isInstanceOf(ReadResult.Found.class);
    }
}
