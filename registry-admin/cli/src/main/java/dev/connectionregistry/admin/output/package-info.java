/**
 * How results look: text for people (coloured and redrawn in place on a terminal, plain lines in a pipe) and JSON for
 * programs. Data goes to stdout, talk to stderr. Entry type: {@link dev.connectionregistry.admin.output.Console}.
 */
@NullMarked
package dev.connectionregistry.admin.output;

import org.jspecify.annotations.NullMarked;
