/** Tests of the options of several commands. */
@NullMarked
package dev.connectionregistry.admin.cli.options;

import org.jspecify.annotations.NullMarked;
