package dev.connectionregistry.spring.internal.boot3;

import dev.connectionregistry.spring.internal.RegistryAutoConfiguration;
import dev.connectionregistry.spring.internal.StatedConnection;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;

/** Finds the details of a test's container or of Docker Compose. */
@AutoConfiguration(before = RegistryAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails")
public class ConnectionDetailsAutoConfiguration {
    @Bean
    StatedConnection.Source registryStatedConnection(ObjectProvider<JdbcConnectionDetails> beans) {
        return () -> Optional.ofNullable(beans.getIfAvailable())
                .map(details ->
                        StatedConnection.of(details.getJdbcUrl(), details.getUsername(), details.getPassword()));
    }
}
