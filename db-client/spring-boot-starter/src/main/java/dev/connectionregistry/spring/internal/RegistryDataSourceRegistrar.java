package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.spring.DatabaseProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * One bean definition for each database, so that Spring Boot sees them before it decides on a data source of its own. The primary
 * one has the alias {@code dataSource}, which is what Spring Boot calls its own.
 */
final class RegistryDataSourceRegistrar implements ImportBeanDefinitionRegistrar {
    static final String FACTORY = "registryDataSourceFactory";

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDataSourceRegistrar.class);
    private static final String URL = "spring.datasource.url";
    private static final String USUAL_NAME = "dataSource";

    private final Environment environment;

    RegistryDataSourceRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        ConfiguredDatabases databases = ConfiguredDatabases.of(environment);
        if (environment.containsProperty(URL)) {
            LOG.warn(
                    "{} is ignored: the data source follows the database '{}' of the registry; remove {}, or set"
                            + " {}.enabled=false",
                    URL,
                    databases.primary(),
                    URL,
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
    }

    private static RootBeanDefinition definition(String name, boolean primary) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(RegistryDataSource.class);
        definition.setFactoryBeanName(FACTORY);
        definition.setFactoryMethodName("start");
        definition.getConstructorArgumentValues().addGenericArgumentValue(name);
        definition.setDestroyMethodName("close");
        definition.setPrimary(primary);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        return definition;
    }
}
