package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.BoundedSecrets;
import dev.connectionregistry.secrets.CachedSecrets;
import dev.connectionregistry.secrets.SecretResolver;
import java.util.List;

/**
 * Resolvers for {@code secretsmanager:}, {@code ssm:} and {@code rds-iam}. Every data source already has them, for the
 * account and region that the SDK finds by itself; create one only for another account or region. Nothing is contacted,
 * and none of the SDK's optional modules is loaded, before a password of that kind is needed. If a module is missing,
 * the message names it.
 *
 * <p>Thread-safe. The caller must {@link #close} it, after everything that uses its resolvers.
 */
public final class AwsSecrets implements AutoCloseable {
    private final AwsIdentity identity;
    private final DeferredResolver secretsManager;
    private final DeferredResolver parameterStore;
    private final DeferredResolver tokens;
    private final CachedSecrets cachedSecrets;
    private final CachedSecrets cachedParameters;
    private final BoundedSecrets boundedTokens;

    /** For this account and region. */
    public AwsSecrets(AwsPlace place) {
        this(place, CachedSecrets.Times.DEFAULT);
    }

    /** For this account and region; {@code times} says how long secrets are remembered. */
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

    /** The three resolvers, for {@code RegistryDataSource.builder().secrets(...)}; they work until {@link #close}. */
    public List<SecretResolver> resolvers() {
        return List.of(cachedSecrets, cachedParameters, boundedTokens);
    }

    /** Closes clients and ends threads. Idempotent. */
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
