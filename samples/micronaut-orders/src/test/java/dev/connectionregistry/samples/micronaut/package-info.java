@NullMarked
package dev.connectionregistry.samples.micronaut;

import org.jspecify.annotations.NullMarked;
