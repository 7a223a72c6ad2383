/** Tests of the whole on LocalStack and Postgres in containers, and what they share. */
@NullMarked
package dev.connectionregistry.containers;

import org.jspecify.annotations.NullMarked;
