/**
 * The streams of one run, and what they print: tables, live lines, colours, JSON. Data goes to stdout, everything else
 * to stderr.
 */
@NullMarked
package dev.connectionregistry.admin.cli.terminal;

import org.jspecify.annotations.NullMarked;
