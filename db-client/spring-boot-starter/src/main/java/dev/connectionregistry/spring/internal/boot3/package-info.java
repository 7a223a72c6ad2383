/** What Spring Boot 3.5 has in packages of its own. Not API. */
@NullMarked
package dev.connectionregistry.spring.internal.boot3;

import org.jspecify.annotations.NullMarked;
