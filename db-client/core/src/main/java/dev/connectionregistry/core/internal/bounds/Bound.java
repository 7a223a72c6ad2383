package dev.connectionregistry.core.internal.bounds;

/** The bounds that an owner can state, each with the builder method and the environment variable that state it. */
public enum Bound {
    /** Which servers and Postgres databases are allowed. */
    ENDPOINTS("allowEndpoints", "ALLOW_ENDPOINTS"),
    /** Where passwords may be kept. */
    SECRETS("allowSecrets", "ALLOW_SECRETS"),
    /** How connections must be protected. */
    TLS("requireTls", "REQUIRE_TLS"),
    /** Whether a password may be sent in clear text. */
    CLEARTEXT_PASSWORDS("allowCleartextPasswords", "ALLOW_CLEARTEXT_PASSWORDS"),
    /** Which driver properties are allowed. */
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
