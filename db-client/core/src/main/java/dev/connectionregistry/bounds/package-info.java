/**
 * What settings may say, as the owner of a service or an operator states it in code and environment, never in the table. Entry
 * types: {@link dev.connectionregistry.bounds.SettingsBounds}, the statement, and {@link dev.connectionregistry.bounds.LoginGuard},
 * which every login passes.
 */
@NullMarked
package dev.connectionregistry.bounds;

import org.jspecify.annotations.NullMarked;
