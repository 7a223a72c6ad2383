/** API: a data source by injection; needs Guice on the class path. */
@NullMarked
package dev.connectionregistry.guice;

import org.jspecify.annotations.NullMarked;
