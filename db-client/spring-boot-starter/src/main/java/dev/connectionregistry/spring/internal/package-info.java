/**
 * The auto-configuration. What differs between the generations of Spring Boot is in {@code boot3} and {@code boot4}; all else
 * uses only what both have. Not API.
 */
@NullMarked
package dev.connectionregistry.spring.internal;

import org.jspecify.annotations.NullMarked;
