package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;

/** What {@link MissingModuleTest} runs on a class path of its own. */
public final class Asking {
    private Asking() {}

    /** What comes of asking for a password; the failure's message, or nothing. */
    public static String messageFor(String reference) {
        try (AwsSecrets secrets = new AwsSecrets(AwsPlace.DEFAULT.withRegion("eu-west-1"))) {
            new SecretResolvers(secrets.resolvers())
                    .resolve(new SecretRequest(SecretRef.parse(reference), Endpoint.parse("db1:5432/orders"), "app"));
            return "";
        } catch (SecretException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
