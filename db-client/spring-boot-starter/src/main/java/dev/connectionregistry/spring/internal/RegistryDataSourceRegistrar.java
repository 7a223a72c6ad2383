package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.RegistryProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers one bean definition for each database, so that Spring Boot sees them before it decides whether to define
 * its own data source. The primary one has the alias {@code dataSource}, the name of Spring Boot's own.
 */
final class RegistryDataSourceRegistrar implements ImportBeanDefinitionRegistrar {
    static final String FACTORY = "registryDataSourceFactory";

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDataSourceRegistrar.class);
    private static final String URL = "spring.datasource.url";
    private static final String HIKARI = "spring.datasource.hikari";
    private static final String USUAL_NAME = "dataSource";

    private final Environment environment;

    RegistryDataSourceRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        ConfiguredDatabases databases = ConfiguredDatabases.of(environment);
        if (environment.containsProperty(URL)) {
            warnIgnored(URL, databases, ".enabled");
        }
        if (isAnySet(HIKARI)) {
            LOG.warn(
                    "{}.* is ignored: the pool is configured by the settings of '{}' in the registry ('registry-admin set-pool') and by"
                            + " {}.pool.*; remove it (docs/hikaricp.md has the counterpart of each setting)",
                    HIKARI,
                    databases.primary(),
                    DatabaseProperties.PREFIX);
        }
        databases.byName().keySet().forEach(name -> {
            boolean primary = name.equals(databases.primary());
            String bean = ConfiguredDatabases.beanName(name);
            registry.registerBeanDefinition(bean, definition(name, primary));
            if (primary && !registry.isBeanNameInUse(USUAL_NAME)) {
                registry.registerAlias(bean, USUAL_NAME);
            }
        });
        if (migration(environment).enabled()) {
            MigrationTool.of(registry).forEach(tool -> {
                tool.ignoredProperty(environment).ifPresent(url -> warnIgnored(url, databases, ".migration.enabled"));
                registry.registerBeanDefinition(tool + "MigrationDataSource", migrations(tool));
            });
        }
    }

    private boolean isAnySet(String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
                return true;
            }
        }
        return false;
    }

    private static void warnIgnored(String url, ConfiguredDatabases databases, String property) {
        LOG.warn(
                "{} is ignored: the data source follows the database '{}' of the registry; remove {}, or set {}{}=false",
                url,
                databases.primary(),
                url,
                DatabaseProperties.PREFIX,
                property);
    }

    static RegistryProperties.Migration migration(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate(DatabaseProperties.PREFIX, Bindable.of(RegistryProperties.class))
                .migration();
    }

    /** For the tool only: no other code that asks for a data source gets it. */
    private static RootBeanDefinition migrations(MigrationTool tool) {
        RootBeanDefinition definition = made(MigrationDataSource.class, "migrations", tool.name());
        definition.setDefaultCandidate(false);
        definition.addQualifier(new AutowireCandidateQualifier(tool.qualifier()));
        return definition;
    }

    private static RootBeanDefinition made(Class<?> type, String method, String argument) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(type);
        definition.setFactoryBeanName(FACTORY);
        definition.setFactoryMethodName(method);
        definition.getConstructorArgumentValues().addGenericArgumentValue(argument);
        definition.setDestroyMethodName("close");
        return definition;
    }

    private static RootBeanDefinition definition(String name, boolean primary) {
        RootBeanDefinition definition = made(RegistryDataSource.class, "start", name);
        definition.setPrimary(primary);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        return definition;
    }
}
