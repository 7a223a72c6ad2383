@NullMarked
package dev.connectionregistry.local;

import org.jspecify.annotations.NullMarked;
