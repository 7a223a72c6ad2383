/**
 * What settings may say, as the owner of a service or an operator states it in code and environment, never in the
 * table. Entry types: {@link dev.connectionregistry.core.internal.bounds.SettingsBounds}, the statement, and
 * {@link dev.connectionregistry.core.internal.bounds.LoginGuard}, which every login passes. Internal: for the modules
 * of this product only; may change in any release.
 */
@NullMarked
package dev.connectionregistry.core.internal.bounds;

import org.jspecify.annotations.NullMarked;
