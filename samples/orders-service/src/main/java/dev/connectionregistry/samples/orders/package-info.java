/**
 * A small service as a user of db-client would write it: Guice, Javalin, plain JDBC. Start reading at
 * {@link dev.connectionregistry.samples.orders.Main}.
 */
@NullMarked
package dev.connectionregistry.samples.orders;

import org.jspecify.annotations.NullMarked;
