package dev.connectionregistry.secrets;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;

/**
 * Which password is needed, and for what; a resolver that creates tokens needs to know the server and the role.
 *
 * @param reference where the password is, according to the settings
 * @param endpoint the server it is for
 * @param username the role it is for
 */
public record SecretRequest(SecretRef reference, Endpoint endpoint, String username) {}
