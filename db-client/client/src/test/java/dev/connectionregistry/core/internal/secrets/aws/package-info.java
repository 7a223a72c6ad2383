/** Tests. */
@NullMarked
package dev.connectionregistry.core.internal.secrets.aws;

import org.jspecify.annotations.NullMarked;
