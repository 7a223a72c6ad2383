/** Tests that use only what Spring Boot 3.5 and 4 both have; spring-boot-4-tests runs them again. */
@NullMarked
package dev.connectionregistry.spring;

import org.jspecify.annotations.NullMarked;
