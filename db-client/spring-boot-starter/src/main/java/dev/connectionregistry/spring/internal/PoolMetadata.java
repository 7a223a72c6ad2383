package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.metadata.AbstractDataSourcePoolMetadata;

/**
 * The pool as Spring Boot's metadata, which becomes the meters {@code jdbc.connections.*}.
 *
 * <p>NullAway: the package is null-marked in Spring Boot 4; in 3.5 its null values are only documented.
 */
@SuppressWarnings("NullAway")
final class PoolMetadata extends AbstractDataSourcePoolMetadata<RegistryDataSource> {
    PoolMetadata(RegistryDataSource dataSource) {
        super(dataSource);
    }

    @Override
    public Integer getActive() {
        return getDataSource().status().pool().active();
    }

    @Override
    public Integer getIdle() {
        return getDataSource().status().pool().idle();
    }

    @Override
    public Integer getMax() {
        return getDataSource().status().pool().maximumSize();
    }

    @Override
    public Integer getMin() {
        return getDataSource().status().pool().minimumIdle();
    }

    @Override
    public @Nullable String getValidationQuery() {
        return null;
    }

    @Override
    public @Nullable Boolean getDefaultAutoCommit() {
        return null;
    }
}
