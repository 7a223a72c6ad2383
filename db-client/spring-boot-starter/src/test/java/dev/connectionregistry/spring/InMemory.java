package dev.connectionregistry.spring;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.testing.Servers;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with all that Spring Boot configures by itself, on a registry in memory. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class InMemory {
    /** {@code orders} on the first server, {@code reports} on the second. */
    @Bean
    InMemoryRegistry registry() {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", Servers.settings(Servers.first()));
        registry.put("reports", Servers.settings(Servers.second()));
        return registry;
    }

    @Bean
    SecretResolver secrets() {
        return Servers.secrets();
    }
}
