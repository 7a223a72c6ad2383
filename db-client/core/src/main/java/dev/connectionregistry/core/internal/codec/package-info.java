/** Settings, reports and locks as documents of plain values, and back; what is read is checked here. Internal: for the modules of this product only; may change in any release. */
@NullMarked
package dev.connectionregistry.core.internal.codec;

import org.jspecify.annotations.NullMarked;
