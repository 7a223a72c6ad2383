@NullMarked
package dev.connectionregistry.samples.vertx;

import org.jspecify.annotations.NullMarked;
