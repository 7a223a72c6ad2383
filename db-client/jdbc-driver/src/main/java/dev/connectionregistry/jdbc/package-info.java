/**
 * A JDBC driver for programs that take a URL: {@code jdbc:registry:orders?service=checkout}. Its API consists of the
 * URL and {@link dev.connectionregistry.jdbc.RegistryDriver}.
 */
@NullMarked
package dev.connectionregistry.jdbc;

import org.jspecify.annotations.NullMarked;
