/**
 * One class for each subcommand: it understands its arguments, calls one use case and has the result rendered. No AWS and
 * no SQL here. Every value is checked by the type it becomes before anything is contacted.
 */
@NullMarked
package dev.connectionregistry.admin.command;

import org.jspecify.annotations.NullMarked;
