package dev.connectionregistry.core.internal.bounds;

import java.util.Optional;
import java.util.function.Predicate;
import org.postgresql.util.DriverInfo;

/** Whether the Postgres driver of this process supports what the product needs. Pure. */
final class DriverRelease {
    static final String VERSION = DriverInfo.DRIVER_VERSION;

    private DriverRelease() {}

    /** What is missing and how to fix it; the caller adds the alternative. Empty if nothing is missing. */
    static Optional<String> problem(Predicate<String> knows, String version) {
        return knows.test(Authentication.PROPERTY)
                ? Optional.empty()
                : Optional.of("the Postgres driver on the class path is " + version
                        + ", which doesn't know property 'requireAuth' and would send a password in clear text to any"
                        + " server that asks for it: use org.postgresql:postgresql 42.7.11 or later");
    }
}
