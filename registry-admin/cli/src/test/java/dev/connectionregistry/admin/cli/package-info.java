@NullMarked
package dev.connectionregistry.admin.cli;

import org.jspecify.annotations.NullMarked;
