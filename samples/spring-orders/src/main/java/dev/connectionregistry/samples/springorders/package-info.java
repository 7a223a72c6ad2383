/** A Spring Boot application on the starter: nothing in its code knows of the registry. */
@NullMarked
package dev.connectionregistry.samples.springorders;

import org.jspecify.annotations.NullMarked;
