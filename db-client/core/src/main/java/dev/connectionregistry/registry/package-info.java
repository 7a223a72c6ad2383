/**
 * API: what services and operators' tools share: what a read of the registry returns, what an instance reports about
 * itself, the lock of a cutover, and the three ports. No I/O and no outside library. Entry types:
 * {@link dev.connectionregistry.registry.SettingsRegistry} (services),
 * {@link dev.connectionregistry.registry.RegistryAdministration} (operators) and
 * {@link dev.connectionregistry.registry.CutoverRegistry} (cutovers).
 *
 * <p>Services need the first one only, and the types that a status shows. The other two are the ports of registry-engine.
 */
@NullMarked
package dev.connectionregistry.registry;

import org.jspecify.annotations.NullMarked;
