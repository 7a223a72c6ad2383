/**
 * The words that services and operators share: what a read of the registry can answer, what an instance reports about
 * itself, and the two ports. No I/O and no outside library. Entry types:
 * {@link dev.connectionregistry.registry.SettingsRegistry} (services) and
 * {@link dev.connectionregistry.registry.RegistryAdministration} (operators).
 */
@NullMarked
package dev.connectionregistry.registry;

import org.jspecify.annotations.NullMarked;
