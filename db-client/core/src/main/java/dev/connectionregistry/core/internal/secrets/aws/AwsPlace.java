package dev.connectionregistry.core.internal.secrets.aws;

import java.net.URI;
import java.util.Optional;

/**
 * Which AWS account and region have the secrets. Values that are left empty are found the way every AWS program finds
 * them: {@code AWS_REGION}, {@code AWS_PROFILE}, {@code AWS_ENDPOINT_URL}, the shared configuration files, the
 * machine's or container's role.
 *
 * @param region such as {@code eu-west-1}
 * @param profile a profile in the shared AWS configuration files; wins over credentials in the environment
 * @param endpointUrl where Secrets Manager and Systems Manager answer, if not at the region's own addresses
 */
public record AwsPlace(Optional<String> region, Optional<String> profile, Optional<URI> endpointUrl) {
    /** Everything is left to the SDK. */
    public static final AwsPlace DEFAULT = new AwsPlace(Optional.empty(), Optional.empty(), Optional.empty());

    public AwsPlace withRegion(String name) {
        return new AwsPlace(Optional.of(name), profile, endpointUrl);
    }

    /** Uses the credentials and the region of this profile. */
    public AwsPlace withProfile(String name) {
        return new AwsPlace(region, Optional.of(name), endpointUrl);
    }

    public AwsPlace withEndpointUrl(URI url) {
        return new AwsPlace(region, profile, Optional.of(url));
    }
}
