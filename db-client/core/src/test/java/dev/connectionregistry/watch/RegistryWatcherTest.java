package dev.connectionregistry.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.testing.Servers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A watcher with its real threads. */
class RegistryWatcherTest {
    private static final ConnectionSettings OLD = Servers.settings(new Endpoint("old", 5432, "orders"));
    private static final ConnectionSettings NEW = Servers.settings(new Endpoint("new", 5432, "orders"));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final BlockingQueue<String> followed = new LinkedBlockingQueue<>();

    private RegistryWatcherBuilder watcher() {
        return RegistryWatcher.builder()
                .registry(registry)
                .database("orders")
                .service("reactive")
                .secrets(Servers.secrets())
                .follower(settings -> followed.add(settings.settings().endpoint() + " "
                        + settings.password().reveal()));
    }

    private List<InstanceReport> fleet() {
        return registry.fleet(new DatabaseName("orders"));
    }

    @Test
    void callsTheFollowerWithPasswordsAndLeavesNoThreadBehind() throws InterruptedException {
        registry.put("orders", OLD);
        try (RegistryWatcher watcher = watcher().start()) {
            assertThat(followed.poll()).isEqualTo("old:5432/orders " + Servers.PASSWORD);
            assertThat(watcher.status().state()).isEqualTo(InstanceState.ACTIVE);
            registry.put("orders", NEW);
            assertThat(followed.poll(10, TimeUnit.SECONDS)).isEqualTo("new:5432/orders " + Servers.PASSWORD);
            await().until(() -> fleet().get(0).version() == 2);
        }
        assertThat(fleet().get(0).state()).isEqualTo(InstanceState.STOPPED);
        await().atMost(20, TimeUnit.SECONDS).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("connection-registry-orders-")));
    }

    @Test
    void looksThePasswordOfEachHostUpForThatHost() {
        registry.put("orders", OLD.withEndpoint(Endpoint.parse("one:5432,other:5433/orders")));
        SecretResolver tokens = new SecretResolver() {
            @Override
            public String scheme() {
                return OLD.password().scheme();
            }

            @Override
            public Secret resolve(SecretRequest request) {
                return new Secret("token for " + request.endpoint());
            }
        };
        RegistryWatcherBuilder builder = watcher().secrets(tokens).follower(settings -> {
            followed.add(settings.password().reveal());
            for (Endpoint host : settings.settings().endpoint().each()) {
                followed.add(settings.password(host).reveal());
            }
            assertThatThrownBy(() -> settings.password(Endpoint.parse("third:5432/orders")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("third:5432/orders is none of the hosts");
        });
        builder.start().close();
        assertThat(followed)
                .containsExactly(
                        "token for one:5432/orders", "token for one:5432/orders", "token for other:5433/orders");
    }

    @Test
    void followsDriverPropertiesThatItsOwnerAllows() {
        registry.put("orders", OLD.withProperties(Map.of("socketFactory", "com.example.Factory")));
        assertThatThrownBy(() -> watcher().start()).hasMessageContaining("socketFactory");
        watcher()
                .allowDriverProperties("socketFactory=com.example.Factory")
                .start()
                .close();
        assertThat(followed).hasSize(1);
    }

    @Test
    void closingInterruptsAFollowerThatIsBusy() throws InterruptedException {
        registry.put("orders", OLD);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        RegistryWatcher watcher = watcher()
                .follower(settings -> {
                    if (settings.version() > 1) {
                        busy.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            throw e;
                        }
                    }
                })
                .start();
        registry.put("orders", NEW);
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        watcher.close();
        assertThat(interrupted.getCount()).isZero();
        assertThat(watcher.status().state()).isEqualTo(InstanceState.STOPPED);
    }

    @Test
    void namesEverythingThatIsMissingOrNotAllowed() {
        assertThatThrownBy(() -> RegistryWatcher.builder().instance("a b").start())
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("registry is not set")
                .hasMessageContaining("follower is not set")
                .hasMessageContaining("database is not set")
                .hasMessageContaining("service is not set")
                .hasMessageContaining("instance 'a b' is not allowed");
        assertThatThrownBy(
                        () -> watcher().fallback(OLD).allowEndpoints("db:5432").start())
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("fallback: endpoint old:5432/orders is not one of those allowed");
        assertThat(followed).isEmpty();
    }

    @Test
    void aStartThatFailsReportsWhyAndLeavesNothingRunning() {
        registry.put("orders", OLD);
        assertThatThrownBy(() -> watcher()
                        .follower(settings -> {
                            throw new IllegalStateException("no route to host");
                        })
                        .start())
                .isInstanceOf(WatcherStartException.class)
                .hasMessageContaining("no route to host");
        assertThat(fleet().get(0).state()).isEqualTo(InstanceState.STOPPED);
        assertThat(fleet().get(0).lastError().orElseThrow()).contains("no route to host");
    }
}
