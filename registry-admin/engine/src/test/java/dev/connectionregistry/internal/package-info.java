/** Lets tests of the command line drive the client's decisions, which are private to this package. */
@NullMarked
package dev.connectionregistry.internal;

import org.jspecify.annotations.NullMarked;
