@NullMarked
package dev.connectionregistry.watch;

import org.jspecify.annotations.NullMarked;
