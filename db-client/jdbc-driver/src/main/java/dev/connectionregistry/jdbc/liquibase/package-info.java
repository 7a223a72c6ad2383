/** What Liquibase needs to recognise the driver's URL; loaded only by Liquibase. */
@NullMarked
package dev.connectionregistry.jdbc.liquibase;

import org.jspecify.annotations.NullMarked;
