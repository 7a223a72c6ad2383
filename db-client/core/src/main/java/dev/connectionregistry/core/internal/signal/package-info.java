/**
 * What the coordinator of a cutover and its instances say to each other beside the registry, in a form that needs no trust
 * (docs/adr/0032). Values only; who sends and hears them is in db-client and registry-engine.
 */
@NullMarked
package dev.connectionregistry.core.internal.signal;

import org.jspecify.annotations.NullMarked;
