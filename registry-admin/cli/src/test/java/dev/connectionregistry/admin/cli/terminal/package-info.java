@NullMarked
package dev.connectionregistry.admin.cli.terminal;

import org.jspecify.annotations.NullMarked;
