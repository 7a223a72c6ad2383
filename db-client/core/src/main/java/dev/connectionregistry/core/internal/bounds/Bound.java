package dev.connectionregistry.core.internal.bounds;

/** The bounds that an owner can state; each with the builder's call and the environment variable that states it. */
public enum Bound {
    /** Which servers and Postgres databases. */
    ENDPOINTS("allowEndpoints", "ALLOW_ENDPOINTS"),
    /** Where passwords may be. */
    SECRETS("allowSecrets", "ALLOW_SECRETS"),
    /** How connections must be protected. */
    TLS("requireTls", "REQUIRE_TLS"),
    /** Whether a password may be sent as it is. */
    CLEARTEXT_PASSWORDS("allowCleartextPasswords", "ALLOW_CLEARTEXT_PASSWORDS"),
    /** Which properties of the driver. */
    DRIVER_PROPERTIES("allowDriverProperties", "ALLOW_DRIVER_PROPERTIES");

    private final String call;
    private final String suffix;

    Bound(String call, String suffix) {
        this.call = call;
        this.suffix = suffix;
    }

    /** The builder's method, such as {@code allowEndpoints}. */
    public String call() {
        return call;
    }

    /** The environment variable of a service, such as {@code REGISTRY_ALLOW_ENDPOINTS}. */
    public String serviceVariable() {
        return "REGISTRY_" + suffix;
    }

    /** The environment variable of {@code registry-admin}, such as {@code REGISTRY_ADMIN_ALLOW_ENDPOINTS}. */
    public String adminVariable() {
        return "REGISTRY_ADMIN_" + suffix;
    }
}
