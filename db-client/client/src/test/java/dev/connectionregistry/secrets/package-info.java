/** Tests. */
@NullMarked
package dev.connectionregistry.secrets;

import org.jspecify.annotations.NullMarked;
