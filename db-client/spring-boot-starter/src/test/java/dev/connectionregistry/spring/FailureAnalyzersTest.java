package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Servers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** An application that can't start says why and what to do. */
class FailureAnalyzersTest {
    private final ApplicationContextRunner inMemory =
            new ApplicationContextRunner().withUserConfiguration(InMemory.class);

    private static FailureAnalysis analysis(ApplicationContextRunner runner) {
        FailureAnalysis[] analysis = new FailureAnalysis[1];
        runner.run(application -> analysis[0] = Analyses.of(application.getStartupFailure()));
        return analysis[0];
    }

    @Test
    void namesTheMissingPropertyAndTheWayOut() {
        FailureAnalysis analysis = analysis(inMemory);
        assertThat(analysis.getDescription()).contains("'connection-registry.database' is not set");
        assertThat(analysis.getAction())
                .contains("Set connection-registry.database", "connection-registry.enabled=false");
    }

    @Test
    void namesBothPropertiesThatCanNameTheService() {
        FailureAnalysis analysis = analysis(inMemory.withPropertyValues("connection-registry.database=orders"));
        assertThat(analysis.getDescription()).contains("connection-registry.service", "spring.application.name");
    }

    @Test
    void namesAllThatThePropertiesHaveWrong() {
        FailureAnalysis analysis = analysis(inMemory.withPropertyValues(
                "connection-registry.database=orders",
                "connection-registry.pool.maximum-size=0",
                "connection-registry.fallback.endpoint=db1"));
        assertThat(analysis.getDescription())
                .contains("maximum size 0", "connection-registry.fallback", "connection-registry.service");
    }

    @Test
    void anUnknownDatabaseIsNotTakenForATroubleOfTheTable() {
        FailureAnalysis analysis = analysis(inMemory.withPropertyValues(
                "connection-registry.database=oders", "connection-registry.service=checkout"));
        assertThat(analysis.getDescription()).contains("oders can't start", "no such database");
        assertThat(analysis.getAction()).contains("registry-admin list", "registry-admin add");
    }

    @Test
    void anUnreachableTableLeadsToTheNetworkAndToASnapshot() {
        FailureAnalysis analysis = analysis(new ApplicationContextRunner()
                .withUserConfiguration(Plain.class)
                .withBean(AwsCredentialsProvider.class, AnonymousCredentialsProvider::create)
                .withPropertyValues(
                        "connection-registry.database=orders",
                        "connection-registry.service=checkout",
                        "connection-registry.start-timeout=500ms",
                        "connection-registry.region=eu-central-1",
                        "connection-registry.endpoint-url=http://127.0.0.1:1"));
        assertThat(analysis.getDescription()).contains("orders can't start");
        assertThat(analysis.getAction())
                .contains("connection-registry.table", "network", "connection-registry.snapshot");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    @Test
    void aServerThatRefusesLeadsToTheSettings() {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put(
                "orders",
                Servers.settings(Servers.first())
                        .withCredentials(
                                "nobody", Servers.settings(Servers.first()).password()));
        FailureAnalysis analysis = analysis(new ApplicationContextRunner()
                .withUserConfiguration(Plain.class)
                .withBean(InMemoryRegistry.class, () -> registry)
                .withBean(
                        RegistryDataSourceCustomizer.class, () -> (name, builder) -> builder.secrets(Servers.secrets()))
                .withPropertyValues("connection-registry.database=orders", "connection-registry.service=checkout"));
        assertThat(analysis.getDescription()).contains("nobody");
        assertThat(analysis.getAction()).contains("registry-admin show");
    }

    @Test
    void aLibraryThatTheStartRefusesIsNamedWithTheVersionThatIsNeeded() {
        FailureAnalysis analysis = Analyses.of(new IllegalStateException(
                "bean",
                new StartException(
                        "db-client can't start: com.zaxxer:HikariCP on the class path is 5.1.0: use 6.3.0", null)));
        assertThat(analysis.getDescription()).contains("HikariCP", "5.1.0", "use 6.3.0");
        assertThat(analysis.getAction()).contains("hikaricp.version", "dependency:tree");
    }

    @Test
    void aLibraryThatIsTooOldIsNamedWithTheVersionThatIsNeeded() {
        NoSuchMethodError error = new NoSuchMethodError("'void com.zaxxer.hikari.HikariConfig.setKeepaliveTime(long)'");
        error.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(
                    "dev.connectionregistry.internal.pool.PoolConfiguration", "of", "PoolConfiguration.java", 1)
        });
        FailureAnalysis analysis = Analyses.of(new IllegalStateException("bean", error));
        assertThat(analysis.getDescription()).contains("too old", "setKeepaliveTime");
        assertThat(analysis.getAction()).contains("HikariCP 6.3.3");
    }
}
