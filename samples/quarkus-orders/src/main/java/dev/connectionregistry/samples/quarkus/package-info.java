/** A Quarkus application on the JDBC driver. */
@NullMarked
package dev.connectionregistry.samples.quarkus;

import org.jspecify.annotations.NullMarked;
