package dev.connectionregistry.core.internal.bounds;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.PGProperty;

/**
 * Which properties of the Postgres driver the settings may have, and with which values. The allow-list was made by
 * checking every property of pgjdbc 42.7.14. A service may allow further properties by name, or by name and value; a
 * property that loads code only by name and value. Pure.
 */
public final class DriverProperties {
    private static final Values ANY = new Values(value -> true, "any");
    private static final Values SWITCH = oneOf("true", "false");
    private static final Values NUMBER = between(-1, 99_999_999);

    private static final Map<String, Values> ALLOWED = new TreeMap<>();

    /**
     * Values of a property.
     *
     * @param allowed accepts the harmless values
     * @param form describes those values for a message
     */
    private record Values(Predicate<String> allowed, String form) {}

    static {
        // how the connection is protected; LoginGuard checks the files before the driver reads them
        allow(oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full"), "sslmode");
        allow(oneOf("true", "false", ""), "ssl");
        allow(ANY, "sslrootcert", "sslcert", "sslkey");
        allow(oneOf("postgres", "direct"), "sslNegotiation");
        allow(oneOf("RSA", "EC", "Ed25519"), "pemKeyAlgorithm");
        allow(oneOf("disable", "prefer", "require"), "channelBinding");
        allow(matching("!?[A-Za-z0-9-]{1,20}(,!?[A-Za-z0-9-]{1,20}){0,9}", "a list of methods"), "requireAuth");
        allow(
                between(1, 1_000_000),
                "scramMaxIterations"); // each login computes this many iterations; more would keep a thread busy
        allow(oneOf("disable", "allow"), "gssEncMode"); // the others log in to Kerberos as the process
        // time-outs: none may be infinite
        allow(between(1, 60), "connectTimeout", "cancelSignalTimeout");
        allow(between(0, 999_999), "socketTimeout", "queryTimeout");
        allow(between(1, 60_000), "sslResponseTimeout");
        allow(SWITCH, "tcpKeepAlive", "tcpNoDelay");
        // buffers and caches
        allow(between(-1, 16_777_216), "receiveBufferSize", "sendBufferSize", "maxSendBufferSize");
        allow(
                matching("[0-9]{1,12}[KMGkmg]?|[0-9]{1,3}(p|pct|percent)", "a size such as 100M or 10p"),
                "maxResultBuffer");
        allow(NUMBER, "defaultRowFetchSize", "adaptiveFetchMinimum", "adaptiveFetchMaximum");
        allow(SWITCH, "adaptiveFetch");
        allow(between(0, 100_000), "preparedStatementCacheQueries", "databaseMetadataCacheFields");
        allow(between(0, 1_000), "preparedStatementCacheSizeMiB", "databaseMetadataCacheFieldsMiB");
        // how statements are sent and values read
        allow(NUMBER, "prepareThreshold", "reWriteBatchedInsertsSize");
        allow(between(0, 2_147_483_647), "unknownLength");
        allow(oneOf("simple", "extended", "extendedForPrepared", "extendedCacheEverything"), "preferQueryMode");
        allow(oneOf("select", "callIfNoReturn", "call"), "escapeSyntaxCallMode");
        allow(oneOf("always", "never", "conservative"), "autosave");
        allow(oneOf("unspecified", "varchar"), "stringtype");
        allow(matching("[A-Za-z0-9_, ]{0,200}", "a list of types"), "binaryTransferEnable", "binaryTransferDisable");
        allow(matching("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}", "a version such as 11"), "assumeMinServerVersion");
        allow(
                SWITCH,
                "binaryTransfer",
                "reWriteBatchedInserts",
                "cleanupSavepoints",
                "flushCacheOnDdl",
                "disableColumnSanitiser",
                "quoteReturningIdentifiers",
                "convertBooleanToNumeric",
                "hideUnprivilegedObjects",
                "groupStartupParameters",
                "allowEncodingChanges");
        // the initial state of a session
        allow(SWITCH, "readOnly");
        allow(matching("ignore|transaction|always", "ignore, transaction or always"), "readOnlyMode");
        allow(ANY, "currentSchema", "options"); // for options see ServerOptions
        // what messages contain
        allow(SWITCH, "logServerErrorDetail", "logUnclosedConnections");
    }

    /** The product sets these itself, from the settings or from secrets; nobody can allow them. */
    private static final Set<String> OWN = Set.of(
            "user",
            "password",
            "sslpassword",
            "ApplicationName",
            "PGHOST",
            "PGPORT",
            "PGDBNAME",
            "loginTimeout",
            "targetServerType",
            "protocolVersion");

    /**
     * These name a class, a file to write or another configuration; a service can only allow them together with a
     * value.
     */
    private static final Set<String> CODE = Set.of(
            "authenticationPluginClassName",
            "classLoaderStrategy",
            "connectExecutor",
            "connectExecutorArg",
            "loggerFile",
            "loggerLevel",
            "service",
            "socketFactory",
            "socketFactoryArg",
            "sslfactory",
            "sslfactoryarg",
            "sslhostnameverifier",
            "sslpasswordcallback",
            "xmlFactoryFactory");

    private DriverProperties() {}

    private static Values matching(String expression, String form) {
        return new Values(Pattern.compile(expression).asMatchPredicate(), form);
    }

    /** Keywords of the driver, which ignores their case. */
    private static Values oneOf(String... words) {
        List<String> all = List.of(words);
        List<String> shown = all.stream().filter(word -> !word.isEmpty()).toList();
        return new Values(
                value -> all.stream().anyMatch(value::equalsIgnoreCase),
                String.join(", ", shown.subList(0, shown.size() - 1)) + " or " + shown.get(shown.size() - 1));
    }

    private static Values between(long min, long max) {
        return new Values(
                value -> value.matches("-?[0-9]{1,10}") && Long.parseLong(value) >= min && Long.parseLong(value) <= max,
                "a whole number from " + min + " to " + max);
    }

    private static void allow(Values values, String... names) {
        for (String name : names) {
            ALLOWED.put(name, values);
        }
    }

    /** The properties that nobody has to allow, sorted. */
    public static Set<String> harmless() {
        return new TreeSet<>(ALLOWED.keySet());
    }

    /**
     * Why a property is refused; empty if it isn't. {@code more} has what the owner allowed as {@code NAME} or
     * {@code NAME=VALUE}.
     */
    static Optional<Refusal> refusal(String name, String value, Set<String> more) {
        if (OWN.contains(name)) {
            return Optional.of(Refusal.always(
                    Bound.DRIVER_PROPERTIES,
                    "driver property '" + name + "' is set by the client itself; leave it out"));
        }
        if (more.contains(name + "=" + value) || (more.contains(name) && !CODE.contains(name))) {
            return Optional.empty();
        }
        Values values = ALLOWED.get(name);
        if (values != null) {
            return ofValue(name, value, values);
        }
        if (CODE.contains(name)) {
            return Optional.of(new Refusal(
                    Bound.DRIVER_PROPERTIES,
                    "driver property '" + name + "' names code or a file to use, which settings alone may never decide",
                    name + "=VALUE"));
        }
        return Optional.of(
                isKnown(name)
                        ? new Refusal(
                                Bound.DRIVER_PROPERTIES,
                                "driver property '" + name + "' is not one of those known to be harmless",
                                name)
                        : new Refusal(
                                Bound.DRIVER_PROPERTIES,
                                "driver property '" + name + "' is unknown to the Postgres driver" + suggestion(name),
                                name));
    }

    private static Optional<Refusal> ofValue(String name, String value, Values values) {
        if (name.equals("options")) {
            return ServerOptions.problem(value)
                    .map(problem ->
                            new Refusal(Bound.DRIVER_PROPERTIES, "driver property 'options': " + problem, name));
        }
        return values.allowed().test(value)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Bound.DRIVER_PROPERTIES,
                        "driver property '" + name + "' is " + shown(value) + "; write " + values.form(),
                        name));
    }

    /** Only a short value is repeated: a long one may be anything, even a secret. */
    private static String shown(String value) {
        return value.length() <= 20 ? "'" + value + "'" : "a text of " + value.length() + " characters";
    }

    /**
     * What is wrong with an owner's statement that allows a driver property; empty if nothing is.
     *
     * @param statement {@code NAME} or {@code NAME=VALUE}
     */
    static Optional<String> problemOfStatement(String statement) {
        int equals = statement.indexOf('=');
        String name = equals < 0 ? statement : statement.substring(0, equals);
        if (!name.matches("[A-Za-z][A-Za-z0-9]{0,62}") || statement.length() > 350) {
            return Optional.of("'" + name + "' is not the name of a driver property; write NAME or NAME=VALUE");
        }
        if (OWN.contains(name)) {
            return Optional.of("driver property '" + name + "' is set by the client itself and can't be allowed");
        }
        return CODE.contains(name) && equals < 0
                ? Optional.of("driver property '" + name + "' names code or a file to use: allow it with its value, as "
                        + name + "=VALUE")
                : Optional.empty();
    }

    /** Whether the driver in this process knows a property of this name. */
    public static boolean isKnown(String name) {
        return PGProperty.forName(name) != null;
    }

    /** {@code ; did you mean 'sslmode'?}, or nothing if no name is near. */
    static String suggestion(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.concat(
                        ALLOWED.keySet().stream(),
                        Arrays.stream(PGProperty.values()).map(PGProperty::getName))
                .distinct()
                .map(known -> Map.entry(distance(lower, known.toLowerCase(Locale.ROOT)), known))
                .filter(near -> near.getKey() <= Math.max(1, lower.length() / 3))
                .min(Map.Entry.<Integer, String>comparingByKey().thenComparing(Map.Entry.comparingByValue()))
                .map(near -> "; did you mean '" + near.getValue() + "'?")
                .orElse("");
    }

    /** The edit distance: how many letters to insert, delete or replace. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int above = row[j];
                int changed = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[right.length()];
    }

    /** The properties that the driver of this process knows; it would ignore the others. */
    static Map<String, String> known(Map<String, String> properties) {
        Map<String, String> known = new LinkedHashMap<>(properties);
        known.keySet().removeIf(name -> !isKnown(name));
        return known;
    }

    /** The files that the driver reads for TLS. */
    static List<String> files(Map<String, String> properties) {
        return Stream.of("sslrootcert", "sslcert", "sslkey")
                .map(properties::get)
                .filter(Objects::nonNull)
                .toList();
    }
}
