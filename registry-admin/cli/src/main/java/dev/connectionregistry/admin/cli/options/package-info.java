/** Options that several commands take, and how arguments become values. */
@NullMarked
package dev.connectionregistry.admin.cli.options;

import org.jspecify.annotations.NullMarked;
