/** The preflight command and what it prints. */
@NullMarked
package dev.connectionregistry.admin.cli.preflight;

import org.jspecify.annotations.NullMarked;
