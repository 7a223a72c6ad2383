/**
 * What a fleet is doing, seen from one operator's machine. {@link dev.connectionregistry.admin.fleet.FleetProgress}
 * decides, without I/O, which instances are live and which have arrived;
 * {@link dev.connectionregistry.admin.fleet.FleetWatcher} feeds it from the registry until a goal is reached, time runs
 * out or the operator stops it.
 */
@NullMarked
package dev.connectionregistry.admin.fleet;

import org.jspecify.annotations.NullMarked;
