/** The data source as a Micronaut bean. */
@NullMarked
package dev.connectionregistry.samples.micronaut;

import org.jspecify.annotations.NullMarked;
