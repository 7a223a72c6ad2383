package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.Tls;

/**
 * One thing in the settings that the bounds don't allow. Immutable; never holds a secret.
 *
 * @param bound which bound refuses it
 * @param problem what is refused and why, as a sentence without a full stop
 * @param example an argument for the builder method or variable that would allow it; empty if nothing does
 */
public record Refusal(Bound bound, String problem, String example) {
    /** Refused whatever the owner allows. */
    static Refusal always(Bound bound, String problem) {
        return new Refusal(bound, problem, "");
    }

    /** The problem, the bound, and the builder method and variable that would allow it. */
    public String text(BoundsOwner party) {
        if (example.isEmpty()) {
            return problem;
        }
        if (bound == Bound.TLS) {
            return problem + " by " + party.statement(bound) + ": set sslmode=" + Tls.VERIFY_FULL
                    + " with sslrootcert in the settings";
        }
        String variable = party.variable(bound) + "=" + example;
        if (party == BoundsOwner.ADMIN) {
            return problem + " (if intended: " + variable + " in the environment of registry-admin"
                    + (bound == Bound.DRIVER_PROPERTIES ? "; services must allow it, too)" : ")");
        }
        return problem + " (if intended, the service's owner must allow it: " + call() + " on the builder, or "
                + variable + " in the environment)";
    }

    private String call() {
        return bound.call() + (bound == Bound.CLEARTEXT_PASSWORDS ? "()" : "(\"" + example + "\")");
    }
}
