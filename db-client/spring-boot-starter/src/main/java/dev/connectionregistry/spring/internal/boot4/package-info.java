/** What Spring Boot 4 has in packages of its own. Not API. */
@NullMarked
package dev.connectionregistry.spring.internal.boot4;

import org.jspecify.annotations.NullMarked;
