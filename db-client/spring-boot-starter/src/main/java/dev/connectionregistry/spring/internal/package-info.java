/**
 * The auto-configuration. What differs between Spring Boot 3 and 4 is in {@code boot3} and {@code boot4}; everything
 * else only uses what both have. Not API.
 */
@NullMarked
package dev.connectionregistry.spring.internal;

import org.jspecify.annotations.NullMarked;
