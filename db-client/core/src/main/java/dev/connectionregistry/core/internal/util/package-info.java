/** Helpers that know nothing else of the product. Internal: for the modules of this product only; may change in any release. */
@NullMarked
package dev.connectionregistry.core.internal.util;

import org.jspecify.annotations.NullMarked;
