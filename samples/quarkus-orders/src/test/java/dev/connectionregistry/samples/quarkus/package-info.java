@NullMarked
package dev.connectionregistry.samples.quarkus;

import org.jspecify.annotations.NullMarked;
