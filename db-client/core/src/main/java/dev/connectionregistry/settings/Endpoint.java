package dev.connectionregistry.settings;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where a Postgres database is: host, port, and the database's name on that server. Text form
 * {@code HOST:PORT/NAME}; an IPv6 address stands in brackets.
 *
 * @param host a DNS name, an IPv4 address or an IPv6 address (without brackets)
 * @param port 1 to 65535
 * @param databaseName the Postgres database, 1 to 63 bytes of UTF-8 with no control character
 */
public record Endpoint(String host, int port, String databaseName) {
    /** The form in which endpoints are written, for messages. */
    public static final String FORM = "HOST:PORT/NAME, such as db1.internal:5432/orders";

    private static final Pattern DNS = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
            + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)[?&](ssl)?password=");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9]+)?");

    /**
     * Checks all three parts.
     *
     * @throws InvalidSettingsException naming each part that isn't allowed
     */
    public Endpoint {
        Problems problems = new Problems();
        problems.require(
                DNS.matcher(host).matches() || IPV6.matcher(host).matches(),
                (mayHoldSecret(host) ? "the host given (not repeated here: it has an '@')" : "host '" + host + "'")
                        + " is not a DNS name or an IP address");
        problems.requireBetween("port", port, 1, 65_535);
        int bytes = databaseName.getBytes(StandardCharsets.UTF_8).length;
        problems.require(
                bytes >= 1 && bytes <= 63 && databaseName.chars().noneMatch(Character::isISOControl),
                "Postgres database name"
                        + (mayHoldSecret(databaseName) ? "" : " '" + databaseName + "'")
                        + " has " + bytes + " bytes; allowed are 1 to 63 without control characters");
        problems.require(
                !PASSWORD_PARAMETER.matcher(databaseName).find(),
                "Postgres database name (not repeated here) holds a password parameter; a literal password is never"
                        + " accepted");
        problems.throwIfAny();
    }

    private static boolean mayHoldSecret(String text) {
        return text.indexOf('@') >= 0 || PASSWORD_PARAMETER.matcher(text).find();
    }

    /**
     * Reads {@code HOST:PORT/NAME}.
     *
     * @throws InvalidSettingsException if {@code text} has another form or a part isn't allowed
     */
    public static Endpoint parse(String text) {
        int slash = text.indexOf('/');
        refuseUrl(text, slash);
        if (slash < 0) {
            throw new InvalidSettingsException("endpoint '" + text + "' has no database name; write " + FORM);
        }
        return parse(text.substring(0, slash), text.substring(slash + 1), text);
    }

    /**
     * Reads {@code HOST:PORT} or {@code HOST:PORT/NAME}; a name that is left out is {@code defaultDatabaseName}.
     *
     * @throws InvalidSettingsException if {@code text} has another form or a part isn't allowed
     */
    public static Endpoint parse(String text, String defaultDatabaseName) {
        refuseUrl(text, text.indexOf('/'));
        return text.indexOf('/') >= 0 ? parse(text) : parse(text, defaultDatabaseName, text);
    }

    /** A connection URL may have a password in it, so it is refused without repeating it. */
    private static void refuseUrl(String text, int slash) {
        boolean url = slash > 0 && text.startsWith("://", slash - 1);
        if (url || (slash < 0 ? text : text.substring(0, slash)).indexOf('@') >= 0) {
            throw new InvalidSettingsException("the endpoint given (not repeated here: it may have a password in it) is"
                    + " a URL or has a user; write " + FORM + ", and the user and the password reference apart");
        }
    }

    private static Endpoint parse(String hostAndPort, String databaseName, String whole) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon <= 0) {
            throw new InvalidSettingsException("endpoint '" + whole + "' has no port; write " + FORM);
        }
        String host = hostAndPort.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new InvalidSettingsException(
                    "endpoint '" + whole + "': write an IPv6 address in brackets, such as [::1]:5432/orders");
        }
        String port = hostAndPort.substring(colon + 1);
        if (!port.matches("\\d{1,9}")) {
            throw new InvalidSettingsException(
                    "endpoint '" + whole + "': port '" + port + "' is not a number; write " + FORM);
        }
        return new Endpoint(host, Integer.parseInt(port), databaseName);
    }

    /** {@code HOST:PORT/NAME}, readable by {@link #parse(String)}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + "/" + databaseName;
    }
}
