/** How a reference to a password becomes the password. Entry type: {@link dev.connectionregistry.secrets.SecretResolver}. */
@NullMarked
package dev.connectionregistry.secrets;

import org.jspecify.annotations.NullMarked;
