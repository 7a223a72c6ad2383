package dev.connectionregistry.admin.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.cli.options.GlobalOptions;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeferredRegistryTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final DeferredRegistry deferred = new DeferredRegistry(() -> {
        opened.incrementAndGet();
        return new DeferredRegistry.Opened(registry, registry, closed::incrementAndGet);
    });

    @Test
    void opensOnceForBothSidesAndOnlyWhenAsked() {
        assertThat(opened).hasValue(0);
        assertThat(deferred.lock(ORDERS)).isEmpty();
        assertThat(deferred.list()).isEmpty();
        assertThat(opened).hasValue(1);
        deferred.close();
        deferred.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void closesNothingThatWasNeverOpened() {
        deferred.close();
        assertThat(opened).hasValue(0);
        assertThat(closed).hasValue(0);
    }

    @Test
    void passesOnWhatACutoverWrites() {
        CutoverLock lock = new CutoverLock(ORDERS, 1, "c-1", true, "t-1", "alice", Instant.EPOCH);
        VersionedSettings first = VersionedSettings.first(
                ORDERS,
                ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")),
                new Change("alice", Instant.EPOCH, ""));
        assertThat(deferred.writeLock(lock)).isTrue();
        assertThat(deferred.write(first, lock)).isEqualTo(new WriteResult.Written(first));
        assertThat(deferred.writeJournal(lock, Map.of("step", "fence"))).isTrue();
        assertThat(registry.lock(ORDERS)).contains(lock);
        assertThat(deferred.journal(ORDERS, "c-1")).contains(Map.of("step", "fence"));
        assertThat(deferred.journals(ORDERS, 1)).hasSize(1);
    }

    @Test
    void theModuleGivesBothSidesTheSameRegistryWithoutOpeningIt() {
        Injector injector = Guice.createInjector(
                binder -> binder.bind(GlobalOptions.class).toInstance(new GlobalOptions()),
                new RegistryModule(Map.of()));
        assertThat(injector.getInstance(CutoverRegistry.class))
                .isSameAs(injector.getInstance(RegistryAdministration.class))
                .isSameAs(injector.getInstance(DeferredRegistry.class));
    }
}
