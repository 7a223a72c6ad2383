/** A pool of Vert.x's reactive Postgres client that follows the registry. */
@NullMarked
package dev.connectionregistry.samples.vertx;

import org.jspecify.annotations.NullMarked;
