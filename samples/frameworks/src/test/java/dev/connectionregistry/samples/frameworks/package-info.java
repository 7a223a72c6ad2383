@NullMarked
package dev.connectionregistry.samples.frameworks;

import org.jspecify.annotations.NullMarked;
