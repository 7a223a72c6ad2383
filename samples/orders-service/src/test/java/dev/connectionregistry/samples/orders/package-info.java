/** The service on a local registry and two local servers. */
@NullMarked
package dev.connectionregistry.samples.orders;

import org.jspecify.annotations.NullMarked;
