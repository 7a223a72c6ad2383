/**
 * What the coordinator of a cutover and its instances tell each other without the registry, in a form that needs no
 * trust (docs/adr/0032). Values only; db-client and registry-engine send and receive them.
 */
@NullMarked
package dev.connectionregistry.core.internal.signal;

import org.jspecify.annotations.NullMarked;
