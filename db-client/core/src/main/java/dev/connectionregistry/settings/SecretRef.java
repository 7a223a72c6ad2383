package dev.connectionregistry.settings;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Where to find a password; never the password itself. Forms: {@code env:NAME}, {@code file:/path},
 * {@code secretsmanager:NAME[#json-key]}, {@code ssm:/path}, {@code rds-iam}, and {@code x-NAME:…} for your own
 * resolver.
 *
 * @param scheme selects the resolver
 * @param locator what the resolver looks for; empty for {@code rds-iam}
 */
public record SecretRef(String scheme, String locator) {
    /** The allowed forms, for messages. */
    public static final String FORMS =
            "env:NAME, file:/path, secretsmanager:NAME[#json-key], ssm:/path, rds-iam or x-NAME:… of at most 2048"
                    + " characters";

    /** As long as the longest name of a secret, path or ARN; items of the table must stay small. */
    private static final int LONGEST = 2048;

    private static final Pattern CUSTOM_SCHEME = Pattern.compile("x-[a-z0-9-]{1,30}");
    private static final Map<String, Predicate<String>> LOCATORS = Map.of(
            "env", Pattern.compile("[A-Za-z_][A-Za-z0-9_]*").asMatchPredicate(),
            "file", Pattern.compile("(/|[A-Za-z]:[\\\\/]).+").asMatchPredicate(),
            "secretsmanager", Pattern.compile("[A-Za-z0-9/_+=.@:!-]+(#.+)?").asMatchPredicate(),
            "ssm", Pattern.compile("/?[A-Za-z0-9/_.-]+").asMatchPredicate(),
            "rds-iam", String::isEmpty);

    /**
     * Checks scheme and locator.
     *
     * @throws InvalidSettingsException if they don't have an allowed form; the message doesn't repeat them, since they
     *     may be a password
     */
    public SecretRef {
        Predicate<String> allowed = CUSTOM_SCHEME.matcher(scheme).matches()
                ? Predicate.not(String::isEmpty)
                : LOCATORS.getOrDefault(scheme, any -> false);
        if (locator.length() > LONGEST || !allowed.test(locator)) {
            throw refused(scheme.length() + 1 + locator.length());
        }
    }

    /**
     * Reads a reference.
     *
     * @throws InvalidSettingsException if {@code text} isn't one (a literal password, say); the message doesn't repeat it
     */
    public static SecretRef parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            if (!text.equals("rds-iam")) {
                throw refused(text.length());
            }
            return new SecretRef(text, "");
        }
        return new SecretRef(text.substring(0, colon), text.substring(colon + 1));
    }

    private static InvalidSettingsException refused(int length) {
        return new InvalidSettingsException("the password reference given (" + length
                + " characters, not repeated here in case it is a password) is not a reference; a literal password is"
                + " never accepted, use " + FORMS);
    }

    /** The locator, if the reference has one. */
    public Optional<String> locatorIfAny() {
        return locator.isEmpty() ? Optional.empty() : Optional.of(locator);
    }

    /** The text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return locator.isEmpty() ? scheme : scheme + ":" + locator;
    }
}
