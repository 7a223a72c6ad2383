/** One process of the fleet: it puts a steady load on the database and tells the demo of every outcome. */
@NullMarked
package dev.connectionregistry.samples.fleet.instance;

import org.jspecify.annotations.NullMarked;
