/**
 * The resolvers that every data source has, {@code env:} and {@code file:}, and the choice of one by its scheme.
 * Internal: for the modules of this product only; may change in any release.
 */
@NullMarked
package dev.connectionregistry.core.internal.secrets;

import org.jspecify.annotations.NullMarked;
