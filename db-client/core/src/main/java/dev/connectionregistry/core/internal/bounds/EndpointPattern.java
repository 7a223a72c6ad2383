package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which endpoints are allowed: {@code HOST:PORT}, or {@code HOST:PORT/DATABASE}. Immutable.
 *
 * <ul>
 *   <li>Host names are compared without regard to case or a trailing dot. {@code *} in a label stands for any
 *       characters of that one label ({@code db*.internal}); {@code **} as the whole first label stands for one or more
 *       labels. If there are several labels, the last one, the top-level domain, has no wildcard. A wildcard never
 *       stands for an address.
 *   <li>An IPv4 address has four decimal numbers, each of which may be {@code *}; other notations ({@code 0x7f.1},
 *       {@code 2130706433}) match only themselves.
 *   <li>An IPv6 address is complete and in brackets; every spelling of it matches.
 *   <li>The port is a number or {@code *}.
 *   <li>The database name may contain {@code *}; without {@code /DATABASE} any database is allowed.
 * </ul>
 */
final class EndpointPattern {
    private static final String FORM =
            "write HOST:PORT or HOST:PORT/DATABASE, such as *.internal:5432 or [fd00::1]:5432/orders";
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_*]([a-z0-9_*-]{0,61}[a-z0-9_*])?");
    private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)", Pattern.DOTALL);
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    private final String text;
    private final Predicate<String> host;
    private final int port;
    private final Predicate<String> database;

    private EndpointPattern(String text, Predicate<String> host, int port, Predicate<String> database) {
        this.text = text;
        this.host = host;
        this.port = port;
        this.database = database;
    }

    /**
     * Reads a pattern.
     *
     * @throws InvalidSettingsException if {@code text} isn't a pattern
     */
    static EndpointPattern parse(String text) {
        Problems problems = new Problems();
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int colon = address.lastIndexOf(':');
        problems.require(colon > 0 && text.length() <= 350, "'" + text + "' is not an endpoint: " + FORM);
        problems.require(Globs.count(text) <= Globs.WILDCARDS, "'" + text + "' has more than 4 wildcards");
        problems.throwIfAny();
        Predicate<String> database = slash < 0 ? any -> true : database(text, text.substring(slash + 1));
        return new EndpointPattern(
                text, host(text, address.substring(0, colon)), port(text, address.substring(colon + 1)), database);
    }

    private static Predicate<String> database(String whole, String name) {
        if (name.isEmpty()) {
            throw new InvalidSettingsException("'" + whole + "' names no database after the slash: " + FORM);
        }
        return Globs.pattern(name, ".", ".").asMatchPredicate();
    }

    private static int port(String whole, String port) {
        if (port.equals("*")) {
            return 0;
        }
        if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65_535) {
            throw new InvalidSettingsException("'" + whole + "': '" + port + "' is not a port: " + FORM);
        }
        return Integer.parseInt(port);
    }

    private static Predicate<String> host(String whole, String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            String address = host.substring(1, host.length() - 1);
            String canonical = HostAddresses.canonicalIpv6(address);
            if (canonical == null) {
                throw new InvalidSettingsException("'" + whole + "': '" + address + "' is not a complete IPv6 address");
            }
            return canonical::equals;
        }
        return name(whole, plain(host));
    }

    private static Predicate<String> name(String whole, String host) {
        String[] labels = host.split("\\.", -1);
        Problems problems = new Problems();
        for (int i = 0; i < labels.length; i++) {
            boolean leading = i == 0 && labels.length > 1 && labels[i].equals("**");
            problems.require(
                    leading || (LABEL.matcher(labels[i]).matches() && !labels[i].contains("**")),
                    "'" + whole + "': '" + labels[i] + "' is not a part of a host name; '**' stands alone and first: "
                            + FORM);
        }
        problems.throwIfAny();
        if (labels.length == 4 && host.matches("[0-9.*]+")) {
            return ipv4(whole, labels);
        }
        problems.require(
                labels.length == 1 || !labels[labels.length - 1].contains("*"),
                "'" + whole + "': the last label of a name can't be a wildcard");
        problems.throwIfAny();
        Pattern pattern = Globs.pattern(host, "[a-z0-9_-]", "[a-z0-9_.-]");
        boolean wild = host.contains("*");
        return candidate -> wild
                ? !isNumeric(candidate) && pattern.matcher(candidate).matches() && !candidate.startsWith(".")
                : candidate.equals(host);
    }

    private static Predicate<String> ipv4(String whole, String[] labels) {
        for (String label : labels) {
            if (!label.equals("*") && !label.matches(BYTE)) {
                throw new InvalidSettingsException(
                        "'" + whole + "': in an IPv4 address '*' stands for a whole number, not for a part of one");
            }
        }
        Pattern pattern = Globs.pattern(String.join(".", labels), "[0-9]", "[0-9]");
        return candidate ->
                IPV4.matcher(candidate).matches() && pattern.matcher(candidate).matches();
    }

    /** Whether a resolver may read the name as an address, in any spelling. */
    private static boolean isNumeric(String host) {
        return NUMERIC.matcher(host).matches();
    }

    private static String plain(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether this pattern allows the endpoint, which has one host. */
    boolean matches(Endpoint endpoint) {
        String given = endpoint.host();
        String canonical = given.indexOf(':') >= 0 ? HostAddresses.canonicalIpv6(given) : plain(given);
        return canonical != null
                && (port == 0 || port == endpoint.port())
                && host.test(canonical)
                && database.test(endpoint.databaseName());
    }

    @Override
    public String toString() {
        return text;
    }
}
