/**
 * The words that services and operators share: what a read of the registry can answer, what an instance reports about
 * itself, the lock of a cutover, and the three ports. No I/O and no outside library. Entry types:
 * {@link dev.connectionregistry.registry.SettingsRegistry} (services),
 * {@link dev.connectionregistry.registry.RegistryAdministration} (operators) and
 * {@link dev.connectionregistry.registry.CutoverRegistry} (cutovers).
 */
@NullMarked
package dev.connectionregistry.registry;

import org.jspecify.annotations.NullMarked;
