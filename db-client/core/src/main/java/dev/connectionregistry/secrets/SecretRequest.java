package dev.connectionregistry.secrets;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;

/**
 * Which password is wanted, and for what; a resolver that makes tokens needs to know the server and the role.
 *
 * @param reference where the settings say that the password is
 * @param endpoint the server it is for
 * @param username the role it is for
 */
public record SecretRequest(SecretRef reference, Endpoint endpoint, String username) {}
