/**
 * The use cases: what a command does once its arguments are understood. They speak to the registry through its port and
 * know neither the command line nor the terminal. Entry types:
 * {@link dev.connectionregistry.admin.operation.ChangeSettings} for a plain write and
 * {@link dev.connectionregistry.admin.operation.MoveFleet} for a change that the fleet is watched to follow.
 */
@NullMarked
package dev.connectionregistry.admin.operation;

import org.jspecify.annotations.NullMarked;
