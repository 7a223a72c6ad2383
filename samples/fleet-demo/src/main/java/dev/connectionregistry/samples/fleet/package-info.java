/** The demo: a fleet of processes under load is moved from one server to another, and the data says what it cost. */
@NullMarked
package dev.connectionregistry.samples.fleet;

import org.jspecify.annotations.NullMarked;
