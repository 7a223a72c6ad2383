/** The cutover commands and what they print. */
@NullMarked
package dev.connectionregistry.admin.cli.cutover;

import org.jspecify.annotations.NullMarked;
