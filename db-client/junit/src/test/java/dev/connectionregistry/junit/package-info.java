@NullMarked
package dev.connectionregistry.junit;

import org.jspecify.annotations.NullMarked;
