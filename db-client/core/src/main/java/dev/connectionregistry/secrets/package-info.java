/**
 * API: how a reference to a password becomes the password. Entry type:
 * {@link dev.connectionregistry.secrets.SecretResolver}; implement it for your own password store.
 */
@NullMarked
package dev.connectionregistry.secrets;

import org.jspecify.annotations.NullMarked;
