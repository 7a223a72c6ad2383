/**
 * API: how a reference to a password becomes the password. Entry type:
 * {@link dev.connectionregistry.secrets.SecretResolver}, to be implemented for a password store of one's own.
 */
@NullMarked
package dev.connectionregistry.secrets;

import org.jspecify.annotations.NullMarked;
