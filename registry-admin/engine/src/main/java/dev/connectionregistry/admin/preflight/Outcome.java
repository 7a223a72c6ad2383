package dev.connectionregistry.admin.preflight;

import java.util.Locale;

/** How a check ended; the worst first, which is the order in which a group shows them. */
public enum Outcome {
    /** It would go wrong; or it couldn't be checked, which is no better. */
    FAIL,
    /** It may go wrong, or something will be missed afterwards: a person has to decide. */
    WARN,
    /** It wasn't checked, since another check that it depends on failed; that one says why. */
    UNKNOWN,
    /** It doesn't apply before something else is done. */
    NOT_YET,
    /** The operator left it out. */
    SKIPPED,
    /** It is as it must be. */
    PASS;

    /** For people: {@code NOT YET}. */
    public String label() {
        return name().replace('_', ' ');
    }

    /** For programs: {@code not-yet}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
