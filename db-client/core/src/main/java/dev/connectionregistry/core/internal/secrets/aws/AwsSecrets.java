package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.BoundedSecrets;
import dev.connectionregistry.secrets.CachedSecrets;
import dev.connectionregistry.secrets.SecretResolver;
import java.util.List;

/**
 * Resolvers for {@code secretsmanager:}, {@code ssm:} and {@code rds-iam}. Every data source has them already, for the place that
 * the SDK finds by itself; make one's own only for another place. Nothing is contacted, and nothing of the SDK's optional modules is
 * loaded, before a password of their sort is wanted; where its module is missing the message names it.
 *
 * <p>Thread-safe. Its maker must {@link #close} it, after all that use its resolvers.
 */
public final class AwsSecrets implements AutoCloseable {
    private final AwsIdentity identity;
    private final DeferredResolver secretsManager;
    private final DeferredResolver parameterStore;
    private final DeferredResolver tokens;
    private final CachedSecrets cachedSecrets;
    private final CachedSecrets cachedParameters;
    private final BoundedSecrets boundedTokens;

    /** Of this place. */
    public AwsSecrets(AwsPlace place) {
        this(place, CachedSecrets.Times.DEFAULT);
    }

    /** Of this place, remembered by {@code times}. */
    public AwsSecrets(AwsPlace place, CachedSecrets.Times times) {
        identity = new AwsIdentity(place);
        secretsManager = new DeferredResolver(
                "secretsmanager",
                "software.amazon.awssdk:secretsmanager",
                () -> SecretsManagerSecrets.open(identity, place.endpointUrl()));
        parameterStore = new DeferredResolver(
                "ssm", "software.amazon.awssdk:ssm", () -> ParameterStoreSecrets.open(identity, place.endpointUrl()));
        tokens = new DeferredResolver("rds-iam", "software.amazon.awssdk:rds", () -> RdsIamTokens.open(identity));
        cachedSecrets = new CachedSecrets(secretsManager, times);
        cachedParameters = new CachedSecrets(parameterStore, times);
        boundedTokens = new BoundedSecrets(tokens, times.patience());
    }

    /** The three, for {@code RegistryDataSource.builder().secrets(...)}; they live until {@link #close}. */
    public List<SecretResolver> resolvers() {
        return List.of(cachedSecrets, cachedParameters, boundedTokens);
    }

    /** Ends clients and threads. Idempotent. */
    @Override
    public void close() {
        for (AutoCloseable each : List.of(
                cachedSecrets, cachedParameters, boundedTokens, secretsManager, parameterStore, tokens, identity)) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError("none of these throws", e);
            }
        }
    }
}
