/**
 * API: what services and operators' tools share: the result of a read of the registry, an instance's report about
 * itself, the lock of a cutover, and the three ports. No I/O and no outside library. Entry types:
 * {@link dev.connectionregistry.registry.SettingsRegistry} (services),
 * {@link dev.connectionregistry.registry.RegistryAdministration} (operators) and
 * {@link dev.connectionregistry.registry.CutoverRegistry} (cutovers).
 *
 * <p>Services only need the first one, and the types that a status shows. The other two are the ports of
 * registry-engine.
 */
@NullMarked
package dev.connectionregistry.registry;

import org.jspecify.annotations.NullMarked;
