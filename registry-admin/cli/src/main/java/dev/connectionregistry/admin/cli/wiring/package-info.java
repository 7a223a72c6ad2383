/** The object graph: the Guice modules, the factory that gives picocli its commands, and the deferred registry. */
@NullMarked
package dev.connectionregistry.admin.cli.wiring;

import org.jspecify.annotations.NullMarked;
