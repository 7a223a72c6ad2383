package dev.connectionregistry.spring.internal;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.RegistryProperties;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.env.Environment;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/** The tools with which Spring Boot runs migrations, and where it finds their data source. */
enum MigrationTool {
    FLYWAY(
            "org.flywaydb.core.Flyway",
            "FlywayDataSource",
            "org.springframework.boot.autoconfigure.flyway",
            "org.springframework.boot.flyway.autoconfigure"),
    LIQUIBASE(
            "liquibase.integration.spring.SpringLiquibase",
            "LiquibaseDataSource",
            "org.springframework.boot.autoconfigure.liquibase",
            "org.springframework.boot.liquibase.autoconfigure");

    private final String type;
    private final String qualifier;
    private final String packageInBoot3;
    private final String packageInBoot4;

    MigrationTool(String type, String qualifier, String packageInBoot3, String packageInBoot4) {
        this.type = type;
        this.qualifier = qualifier;
        this.packageInBoot3 = packageInBoot3;
        this.packageInBoot4 = packageInBoot4;
    }

    /**
     * A separate role for migrations.
     *
     * @param resolver finds the password
     */
    record Role(String username, SecretRef password, Optional<SecretResolver> resolver) {}

    /** The tools in the application that have no data source of their own. */
    static List<MigrationTool> of(BeanDefinitionRegistry registry) {
        return Arrays.stream(values())
                .filter(tool -> ClassUtils.isPresent(tool.type, MigrationTool.class.getClassLoader()))
                .filter(tool -> !tool.hasOwnDataSource(registry))
                .toList();
    }

    private boolean hasOwnDataSource(BeanDefinitionRegistry registry) {
        return Arrays.stream(registry.getBeanDefinitionNames())
                .map(registry::getBeanDefinition)
                .anyMatch(this::isOwnDataSource);
    }

    private boolean isOwnDataSource(BeanDefinition definition) {
        MethodMetadata method =
                definition instanceof AnnotatedBeanDefinition annotated ? annotated.getFactoryMethodMetadata() : null;
        return method != null
                && (method.isAnnotated(packageInBoot3 + "." + qualifier)
                        || method.isAnnotated(packageInBoot4 + "." + qualifier));
    }

    /** The annotation of its data source, without its package, which differs between Spring Boot 3 and 4. */
    String qualifier() {
        return qualifier;
    }

    /** {@code flyway}, {@code liquibase}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Spring Boot's property for the tool that has no effect here, if it is set. */
    Optional<String> ignoredProperty(Environment environment) {
        String url = "spring." + this + ".url";
        return environment.containsProperty(url) ? Optional.of(url) : Optional.empty();
    }

    /**
     * The role in the properties; empty to use the application's.
     *
     * @throws InvalidSettingsException if there is a role without a password
     */
    Optional<Role> role(RegistryProperties.Migration migration, Environment environment) {
        String username = migration.username();
        String reference = migration.passwordRef();
        if (username != null || reference != null) {
            if (username == null || reference == null) {
                throw new InvalidSettingsException("'" + DatabaseProperties.PREFIX + ".migration' needs both username"
                        + " and password-ref, or neither of them");
            }
            return Optional.of(new Role(username, SecretRef.parse(reference), Optional.empty()));
        }
        String user = environment.getProperty("spring." + this + ".user");
        if (user == null) {
            return Optional.empty();
        }
        String property = "spring." + this + ".password";
        if (!environment.containsProperty(property)) {
            throw new InvalidSettingsException("'spring." + this + ".user' is set and '" + property
                    + "' isn't; set it, or " + DatabaseProperties.PREFIX + ".migration.username and .password-ref");
        }
        return Optional.of(new Role(
                user,
                new SecretRef(PropertyPassword.SCHEME, property),
                Optional.of(new PropertyPassword(environment))));
    }

    /** Finds the password that Spring Boot itself would use. */
    private record PropertyPassword(Environment environment) implements SecretResolver {
        private static final String SCHEME = "x-spring-property";

        @Override
        public String scheme() {
            return SCHEME;
        }

        @Override
        public Secret resolve(SecretRequest request) throws SecretException {
            String name = request.reference().locator();
            String password = environment.getProperty(name);
            if (password == null) {
                throw new SecretException("the property '" + name + "' is not set", null);
            }
            return new Secret(password);
        }
    }
}
