package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import java.util.regex.Pattern;

/**
 * Which password references are allowed: {@code SCHEME:LOCATOR}, or {@code rds-iam}. Immutable.
 *
 * <ul>
 *   <li>The scheme is literal. Case matters.
 *   <li>{@code *} stands for any characters except {@code / \ : #}, so it stays within one folder or one part of an
 *       ARN; {@code **} stands for any except {@code #}.
 *   <li>A pattern without {@code #} allows every field of the secrets that it matches; a pattern with {@code #} only
 *       the fields after it.
 *   <li>A locator with an empty part, {@code .} or {@code ..} between slashes matches no pattern.
 * </ul>
 */
final class SecretPattern {
    static final String FORM =
            "write a reference in which * may stand for a part, such as env:ORDERS_*, file:/run/secrets/orders/*,"
                    + " secretsmanager:orders/*, ssm:/orders/** or rds-iam";

    private static final Pattern SCHEME = Pattern.compile("env|file|secretsmanager|ssm|x-[a-z0-9-]{1,30}");
    private static final Pattern CROOKED = Pattern.compile("(?s)(.*[/\\\\])?\\.{1,2}([/\\\\].*)?|.*[/\\\\][/\\\\].*");

    private final String text;
    private final String scheme;
    private final Pattern locator;
    private final boolean anyField;

    private SecretPattern(String text, String scheme, Pattern locator, boolean anyField) {
        this.text = text;
        this.scheme = scheme;
        this.locator = locator;
        this.anyField = anyField;
    }

    /**
     * Reads a pattern.
     *
     * @throws InvalidSettingsException if {@code text} isn't a pattern; doesn't repeat a text that may be a password
     */
    static SecretPattern parse(String text) {
        if (text.equals("rds-iam")) {
            return new SecretPattern(text, text, Pattern.compile(""), true);
        }
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String locator = text.substring(colon + 1);
        if (!SCHEME.matcher(scheme).matches() || locator.isEmpty() || text.length() > 350) {
            throw new InvalidSettingsException("a pattern of " + text.length()
                    + " characters (not repeated here in case it is a password) is not one of secrets: " + FORM);
        }
        if (Globs.count(text) > Globs.WILDCARDS || isCrooked(locator)) {
            throw new InvalidSettingsException(
                    "'" + text + "' has more than 4 wildcards, or an empty part, '.' or '..' between slashes: " + FORM);
        }
        return new SecretPattern(text, scheme, Globs.pattern(locator, "[^/\\\\:#]", "[^#]"), locator.indexOf('#') < 0);
    }

    /** Whether the locator has an empty part, {@code .} or {@code ..} between slashes, which may lead elsewhere. */
    static boolean isCrooked(String locator) {
        int field = locator.indexOf('#');
        return CROOKED.matcher(field < 0 ? locator : locator.substring(0, field))
                .matches();
    }

    /** Whether this pattern allows the reference. */
    boolean matches(SecretRef reference) {
        if (!reference.scheme().equals(scheme) || isCrooked(reference.locator())) {
            return false;
        }
        String wanted = reference.locator();
        int field = wanted.indexOf('#');
        boolean cut = anyField && scheme.equals("secretsmanager") && field >= 0;
        return locator.matcher(cut ? wanted.substring(0, field) : wanted).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
