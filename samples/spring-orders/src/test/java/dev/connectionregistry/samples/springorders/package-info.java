@NullMarked
package dev.connectionregistry.samples.springorders;

import org.jspecify.annotations.NullMarked;
