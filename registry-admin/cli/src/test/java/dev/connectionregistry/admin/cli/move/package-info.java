@NullMarked
package dev.connectionregistry.admin.cli.move;

import org.jspecify.annotations.NullMarked;
