/** Tests. */
@NullMarked
package dev.connectionregistry.secrets.aws;

import org.jspecify.annotations.NullMarked;
