@NullMarked
package dev.connectionregistry.admin.cli.cutover;

import org.jspecify.annotations.NullMarked;
