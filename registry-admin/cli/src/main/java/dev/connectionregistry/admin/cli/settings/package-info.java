/** The commands that read and write settings, and what they print. */
@NullMarked
package dev.connectionregistry.admin.cli.settings;

import org.jspecify.annotations.NullMarked;
