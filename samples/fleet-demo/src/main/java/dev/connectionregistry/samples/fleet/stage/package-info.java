/** What the demo plays on: local servers, the fleet's processes, and the operators' real command line. */
@NullMarked
package dev.connectionregistry.samples.fleet.stage;

import org.jspecify.annotations.NullMarked;
