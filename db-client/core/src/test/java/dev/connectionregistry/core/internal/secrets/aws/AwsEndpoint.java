package dev.connectionregistry.core.internal.secrets.aws;

import java.net.URI;
import java.util.Optional;

/**
 * Where something else than ourselves answers for AWS, if anything does: system property {@code aws.test.endpoint}, else environment
 * variable {@code AWS_TEST_ENDPOINT}, such as {@code http://127.0.0.1:4566}. LocalStack and moto will do.
 */
public final class AwsEndpoint {
    /** For the line that says why tests were skipped. */
    public static final String NONE =
            "no AWS endpoint to test against: give -Daws.test.endpoint=http://HOST:PORT (LocalStack, moto)";

    private AwsEndpoint() {}

    /** The endpoint, if one was given. */
    public static Optional<URI> given() {
        String property = System.getProperty("aws.test.endpoint", "");
        String variable =
                Optional.ofNullable(System.getenv("AWS_TEST_ENDPOINT")).orElse("");
        return Optional.of(property.isBlank() ? variable : property)
                .filter(text -> !text.isBlank())
                .map(URI::create);
    }
}
