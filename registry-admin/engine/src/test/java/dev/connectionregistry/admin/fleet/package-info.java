@NullMarked
package dev.connectionregistry.admin.fleet;

import org.jspecify.annotations.NullMarked;
