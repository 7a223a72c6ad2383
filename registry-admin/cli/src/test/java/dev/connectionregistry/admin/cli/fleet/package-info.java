@NullMarked
package dev.connectionregistry.admin.cli.fleet;

import org.jspecify.annotations.NullMarked;
