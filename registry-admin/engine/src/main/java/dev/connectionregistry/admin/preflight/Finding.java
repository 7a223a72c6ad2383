package dev.connectionregistry.admin.preflight;

import java.util.List;

/**
 * The result of a check. Immutable.
 *
 * @param outcome how it ended
 * @param message what was seen: names and numbers; one line, no secret
 * @param remedies what to do about it, in order; none if nothing is wrong
 */
public record Finding(Outcome outcome, String message, List<Remedy> remedies) {
    public Finding {
        remedies = List.copyOf(remedies);
    }

    public static Finding pass(String message) {
        return new Finding(Outcome.PASS, message, List.of());
    }

    /** The check doesn't apply yet. */
    public static Finding notYet(String message, Remedy... remedies) {
        return new Finding(Outcome.NOT_YET, message, List.of(remedies));
    }

    /** A person has to decide. */
    public static Finding warn(String message, Remedy... remedies) {
        return warn(message, List.of(remedies));
    }

    /** A person has to decide. */
    public static Finding warn(String message, List<Remedy> remedies) {
        return new Finding(Outcome.WARN, message, remedies);
    }

    /** It would go wrong. */
    public static Finding fail(String message, Remedy... remedies) {
        return fail(message, List.of(remedies));
    }

    /** It would go wrong. */
    public static Finding fail(String message, List<Remedy> remedies) {
        return new Finding(Outcome.FAIL, message, remedies);
    }

    /** Several findings about one thing as one: the bad ones, if there are any. */
    public static Finding worst(List<Finding> found) {
        List<Finding> wrong =
                found.stream().filter(each -> each.outcome() != Outcome.PASS).toList();
        List<Finding> shown = wrong.isEmpty() ? found : wrong;
        return new Finding(
                shown.stream().map(Finding::outcome).min(Outcome::compareTo).orElse(Outcome.PASS),
                String.join("; ", NameLists.each(shown, Finding::message)),
                shown.stream().flatMap(each -> each.remedies().stream()).toList());
    }

    /** The check needs something that the check {@code needed} found missing. */
    public static Finding unchecked(String needed) {
        return new Finding(Outcome.UNKNOWN, "not checked: needs " + needed, List.of());
    }

    /** Nothing is known, which is no better than a failure. */
    public static Finding unknown(String why, Remedy... remedies) {
        return fail("could not be checked: " + why, remedies);
    }
}
