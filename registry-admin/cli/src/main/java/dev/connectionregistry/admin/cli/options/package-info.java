/** Options that several commands take, and the conversion of arguments to values. */
@NullMarked
package dev.connectionregistry.admin.cli.options;

import org.jspecify.annotations.NullMarked;
