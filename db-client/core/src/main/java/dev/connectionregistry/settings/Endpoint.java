package dev.connectionregistry.settings;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a Postgres database is: the hosts of its cluster, each with a port, and the database's name. The text form is
 * {@code HOST:PORT/NAME} or {@code HOST:PORT,HOST:PORT/NAME}, with an IPv6 address in brackets. If there are several
 * hosts, the settings' {@link ServerRole} decides which of them is used. Immutable.
 *
 * @param hosts in the order in which they are tried; 1 to 8, all different, at most 900 characters in total
 * @param databaseName the Postgres database, 1 to 63 bytes of UTF-8 without control characters
 */
public record Endpoint(List<Host> hosts, String databaseName) {
    /** The form in which endpoints are written, for messages. */
    public static final String FORM = "HOST:PORT/NAME, such as db1.internal:5432/orders";

    private static final int MOST_HOSTS = 8;
    /** A report has no room for longer ones. */
    private static final int LONGEST_HOSTS = 900;

    private static final Pattern DNS = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
            + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)[?&](ssl)?password=");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9]+)?");

    /**
     * One server of a cluster.
     *
     * @param name a DNS name, an IPv4 address or an IPv6 address (without brackets)
     * @param port 1 to 65535
     */
    public record Host(String name, int port) {
        /**
         * Checks both parts.
         *
         * @throws InvalidSettingsException naming each part that isn't allowed
         */
        public Host {
            Problems problems = new Problems();
            check(name, port, problems);
            problems.throwIfAny();
        }

        private static void check(String name, int port, Problems problems) {
            problems.require(
                    DNS.matcher(name).matches() || IPV6.matcher(name).matches(),
                    (mayHoldSecret(name) ? "the host given (not repeated here: it has an '@')" : "host '" + name + "'")
                            + " is not a DNS name or an IP address");
            problems.requireBetween("port", port, 1, 65_535);
        }

        /**
         * Reads {@code HOST:PORT}.
         *
         * @throws InvalidSettingsException if {@code text} has another form or a part isn't allowed
         */
        public static Host parse(String text) {
            refuseUrl(text, -1);
            return parse(text, text);
        }

        private static Host parse(String text, String whole) {
            int colon = text.lastIndexOf(':');
            if (colon <= 0 || text.endsWith("]")) {
                throw new InvalidSettingsException("endpoint '" + whole + "' has no port"
                        + (whole.indexOf(',') < 0 ? "" : " after '" + text + "'") + "; write "
                        + FORM);
            }
            String name = text.substring(0, colon);
            if (name.startsWith("[") && name.endsWith("]")) {
                name = name.substring(1, name.length() - 1);
            } else if (name.indexOf(':') >= 0) {
                throw new InvalidSettingsException(
                        "endpoint '" + whole + "': write an IPv6 address in brackets, such as [::1]:5432/orders");
            }
            String port = text.substring(colon + 1);
            if (!port.matches("\\d{1,9}")) {
                throw new InvalidSettingsException(
                        "endpoint '" + whole + "': port '" + port + "' is not a number; write " + FORM);
            }
            return new Host(name, Integer.parseInt(port));
        }

        /** Identifies the server as far as its text does: without regard to case or a trailing dot. */
        private String key() {
            String lower = name.toLowerCase(Locale.ROOT);
            return (lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower) + " " + port;
        }

        /** {@code HOST:PORT}, readable by {@link #parse(String)}. */
        @Override
        public String toString() {
            return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /**
     * Checks the name, and the hosts together.
     *
     * @throws InvalidSettingsException naming each part that isn't allowed
     */
    public Endpoint {
        hosts = List.copyOf(hosts);
        Problems problems = new Problems();
        check(hosts, problems);
        check(databaseName, problems);
        problems.throwIfAny();
    }

    /**
     * An endpoint with one host.
     *
     * @throws InvalidSettingsException naming each part that isn't allowed
     */
    public Endpoint(String host, int port, String databaseName) {
        this(List.of(checked(host, port, databaseName)), databaseName);
    }

    private static Host checked(String host, int port, String databaseName) {
        Problems problems = new Problems();
        Host.check(host, port, problems);
        check(databaseName, problems);
        problems.throwIfAny();
        return new Host(host, port);
    }

    private static void check(List<Host> hosts, Problems problems) {
        problems.require(
                !hosts.isEmpty() && hosts.size() <= MOST_HOSTS,
                "the endpoint has " + hosts.size() + " hosts; allowed are 1 to " + MOST_HOSTS);
        int length = join(hosts).length();
        problems.require(
                length <= LONGEST_HOSTS,
                "the hosts of an endpoint have " + length + " characters together; allowed are " + LONGEST_HOSTS);
        Set<String> keys = new HashSet<>();
        for (Host host : hosts) {
            problems.require(keys.add(host.key()), "host '" + host + "' is in the endpoint twice");
        }
    }

    private static void check(String databaseName, Problems problems) {
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
    }

    private static boolean mayHoldSecret(String text) {
        return text.indexOf('@') >= 0 || PASSWORD_PARAMETER.matcher(text).find();
    }

    /**
     * Reads {@code HOST:PORT/NAME}, with one host or several.
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
     * Reads {@code HOST:PORT} or {@code HOST:PORT/NAME}, with one host or several; without a name, it is
     * {@code defaultDatabaseName}.
     *
     * @throws InvalidSettingsException if {@code text} has another form or a part isn't allowed
     */
    public static Endpoint parse(String text, String defaultDatabaseName) {
        refuseUrl(text, text.indexOf('/'));
        return text.indexOf('/') >= 0 ? parse(text) : parse(text, defaultDatabaseName, text);
    }

    /** A connection URL may contain a password, so it is refused without repeating it. */
    private static void refuseUrl(String text, int slash) {
        boolean url = slash > 0 && text.startsWith("://", slash - 1);
        if (url || (slash < 0 ? text : text.substring(0, slash)).indexOf('@') >= 0) {
            throw new InvalidSettingsException("the endpoint given (not repeated here: it may have a password in it) is"
                    + " a URL or has a user; write " + FORM + ", and the user and the password reference apart");
        }
    }

    private static Endpoint parse(String hosts, String databaseName, String whole) {
        Problems problems = new Problems();
        List<Host> parsed = Arrays.stream(hosts.split(",", -1))
                .map(part -> problems.attempt(() -> Host.parse(part, whole)))
                .filter(Objects::nonNull)
                .toList();
        problems.throwIfAny();
        return new Endpoint(parsed, databaseName);
    }

    /** The name or address of the first host. */
    public String host() {
        return hosts.get(0).name();
    }

    /** The port of the first host. */
    public int port() {
        return hosts.get(0).port();
    }

    /** One endpoint for each host, in their order. */
    public List<Endpoint> each() {
        return hosts.stream()
                .map(host -> new Endpoint(List.of(host), databaseName))
                .toList();
    }

    /** Whether both name the same database on a common host, as far as their texts show. */
    public boolean overlaps(Endpoint other) {
        Set<String> keys = hosts.stream().map(Host::key).collect(Collectors.toSet());
        return databaseName.equals(other.databaseName)
                && other.hosts.stream().anyMatch(host -> keys.contains(host.key()));
    }

    private static String join(List<Host> hosts) {
        return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    }

    /** {@code HOST:PORT/NAME} or {@code HOST:PORT,HOST:PORT/NAME}, readable by {@link #parse(String)}. */
    @Override
    public String toString() {
        return join(hosts) + "/" + databaseName;
    }
}
