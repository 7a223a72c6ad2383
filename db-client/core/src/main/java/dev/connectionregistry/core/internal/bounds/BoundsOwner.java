package dev.connectionregistry.core.internal.bounds;

/** Whose bounds they are. Decides which builder method and variable a message names. */
public enum BoundsOwner {
    /** A service: builder calls and {@code REGISTRY_…}. */
    SERVICE,
    /** {@code registry-admin}: {@code REGISTRY_ADMIN_…}. */
    ADMIN;

    /** The environment variable in which this owner states {@code bound}. */
    public String variable(Bound bound) {
        return this == ADMIN ? bound.adminVariable() : bound.serviceVariable();
    }

    /** {@code allowEndpoints(...) or REGISTRY_ALLOW_ENDPOINTS}. */
    public String statement(Bound bound) {
        String arguments = bound == Bound.CLEARTEXT_PASSWORDS ? "()" : "(...)";
        return this == ADMIN ? variable(bound) : bound.call() + arguments + " or " + variable(bound);
    }
}
