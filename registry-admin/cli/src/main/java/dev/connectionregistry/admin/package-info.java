/** The beginning and the end of the command line: the root command, exit codes, and how errors are shown. */
@NullMarked
package dev.connectionregistry.admin;

import org.jspecify.annotations.NullMarked;
