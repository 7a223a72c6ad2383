@NullMarked
package dev.connectionregistry.admin.cli.preflight;

import org.jspecify.annotations.NullMarked;
