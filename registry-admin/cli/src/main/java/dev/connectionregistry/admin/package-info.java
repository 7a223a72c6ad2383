/** The command line's beginning and end: the root command, exit codes, and how errors are told. */
@NullMarked
package dev.connectionregistry.admin;

import org.jspecify.annotations.NullMarked;
