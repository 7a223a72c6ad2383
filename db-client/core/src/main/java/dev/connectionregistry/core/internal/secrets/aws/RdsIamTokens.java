package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.Endpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Resolves {@code rds-iam}: a token that RDS accepts as a password for 15 minutes. It is created and signed locally for
 * each connection; only the credentials for signing may come over a network. Thread-safe.
 */
final class RdsIamTokens implements DeferredResolver.Closeable {
    /** Matches {@code NAME.ID.REGION.rds.amazonaws.com}, also for clusters and proxies, and {@code .com.cn}. */
    private static final Pattern HOST = Pattern.compile("(?i).+\\.([a-z0-9-]+)\\.rds\\.amazonaws\\.com(\\.cn)?\\.?");

    private final AwsIdentity identity;
    private final RdsUtilities utilities;

    private RdsIamTokens(AwsIdentity identity, RdsUtilities utilities) {
        this.identity = identity;
        this.utilities = utilities;
    }

    static RdsIamTokens open(AwsIdentity identity) {
        return new RdsIamTokens(
                identity,
                RdsUtilities.builder()
                        .credentialsProvider(identity.credentials())
                        .build());
    }

    @Override
    public String scheme() {
        return "rds-iam";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        Endpoint endpoint = request.endpoint();
        Optional<Region> named = regionIn(endpoint.host());
        Region region = named.isPresent() ? named.get() : identity.region();
        return new Secret(utilities.generateAuthenticationToken(token -> token.hostname(endpoint.host())
                .port(endpoint.port())
                .username(request.username())
                .region(region)));
    }

    /** The region in the server's name; the server refuses a token for another region. */
    static Optional<Region> regionIn(String host) {
        Matcher matcher = HOST.matcher(host);
        return matcher.matches() ? Optional.of(Region.of(matcher.group(1).toLowerCase(Locale.ROOT))) : Optional.empty();
    }

    @Override
    public void close() {}
}
