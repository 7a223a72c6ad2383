@NullMarked
package dev.connectionregistry.admin.cli.wiring;

import org.jspecify.annotations.NullMarked;
