/** What Flyway needs to recognise the driver's URL; loaded only by Flyway. */
@NullMarked
package dev.connectionregistry.jdbc.flyway;

import org.jspecify.annotations.NullMarked;
