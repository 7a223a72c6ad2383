package dev.connectionregistry.jdbc;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a URL: {@code jdbc:registry:DATABASE[?PARAMETER=VALUE[&…]]}. URLs with the same content are equal.
 * Immutable.
 *
 * @param database the logical name in the registry
 * @param parameters by name; includes those from the call's properties
 */
record DriverUrl(String database, Map<Parameter, String> parameters) {
    static final String PREFIX = "jdbc:registry:";

    /** What a URL, or the properties given with it, may contain. */
    enum Parameter {
        SERVICE("service", "REGISTRY_SERVICE", "this program's name; required here or as REGISTRY_SERVICE"),
        INSTANCE("instance", "REGISTRY_INSTANCE", "this process's name; default: host name and process id"),
        POOLING("pooling", null, "outer (default): physical connections for your own pool; own: db-client's pool"),
        TABLE("table", "REGISTRY_TABLE", "the registry's table; default connection-registry"),
        REGION("region", null, "the table's region; default: as the AWS SDK finds it"),
        ENDPOINT_URL("endpointUrl", null, "where DynamoDB answers; default: the region's address"),
        SNAPSHOT("snapshot", "REGISTRY_SNAPSHOT", "a file for the last good settings"),
        START_TIMEOUT(
                "startTimeout",
                null,
                "how long the first read of the registry may take, such as 20s; default 5s, allowed 100ms to 5m"),
        MAXIMUM_SIZE("maximumSize", "REGISTRY_MAXIMUM_SIZE", "largest size of the pool; only with pooling=own"),
        MINIMUM_IDLE(
                "minimumIdle", "REGISTRY_MINIMUM_IDLE", "minimum number of idle connections; only with pooling=own"),
        USERNAME("username", null, "the role to log in as; default: that of the settings"),
        PASSWORD_REF("passwordRef", null, "the reference to the password of username, such as env:OWNER_PASSWORD"),
        MIGRATION("migration", null, "true: a connection waits until no cutover is under way"),
        ALLOW_ENDPOINTS("allowEndpoints", "REGISTRY_ALLOW_ENDPOINTS", "servers that the settings may name"),
        ALLOW_SECRETS("allowSecrets", "REGISTRY_ALLOW_SECRETS", "password references that the settings may have"),
        REQUIRE_TLS("requireTls", "REGISTRY_REQUIRE_TLS", "the least protection of connections"),
        ALLOW_CLEARTEXT_PASSWORDS(
                "allowCleartextPasswords", "REGISTRY_ALLOW_CLEARTEXT_PASSWORDS", "passwords in clear text"),
        ALLOW_DRIVER_PROPERTIES(
                "allowDriverProperties", "REGISTRY_ALLOW_DRIVER_PROPERTIES", "further driver properties of settings");

        final String text;
        final @Nullable String variable;
        final String meaning;

        Parameter(String text, @Nullable String variable, String meaning) {
            this.text = text;
            this.variable = variable;
            this.meaning = meaning;
        }

        static @Nullable Parameter of(String name) {
            return Arrays.stream(values())
                    .filter(each -> each.text.equalsIgnoreCase(name))
                    .findFirst()
                    .orElse(null);
        }

        static String names() {
            return Arrays.stream(values()).map(each -> each.text).collect(Collectors.joining(", "));
        }
    }

    DriverUrl {
        parameters = Map.copyOf(parameters);
    }

    static boolean isOurs(@Nullable String url) {
        return url != null && url.startsWith(PREFIX);
    }

    /**
     * Reads a URL and the properties given with it; the URL's parameters take precedence. Properties that the driver
     * doesn't know are left to {@link #ignored}.
     *
     * @throws InvalidSettingsException naming everything that is wrong in it
     */
    static DriverUrl parse(String url, Properties properties) {
        Problems problems = new Problems();
        String rest = url.substring(PREFIX.length());
        int question = rest.indexOf('?');
        String name = question < 0 ? rest : rest.substring(0, question);
        problems.attempt(() -> new DatabaseName(name));
        Map<Parameter, String> parameters = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            Parameter known = Parameter.of(key);
            if (known != null) {
                parameters.put(known, properties.getProperty(key));
            }
        }
        if (question >= 0) {
            Arrays.stream(rest.substring(question + 1).split("[&;]"))
                    .filter(each -> !each.isBlank())
                    .forEach(each -> read(each, parameters, problems));
        }
        String pooling = parameters.getOrDefault(Parameter.POOLING, "outer");
        boolean outer = pooling.toLowerCase(Locale.ROOT).equals("outer");
        problems.require(
                outer || pooling.toLowerCase(Locale.ROOT).equals("own"),
                "parameter 'pooling' is '" + pooling + "'; use 'outer' for your own pool around it, or 'own'");
        problems.require(
                !outer
                        || (!parameters.containsKey(Parameter.MAXIMUM_SIZE)
                                && !parameters.containsKey(Parameter.MINIMUM_IDLE)),
                "parameters 'maximumSize' and 'minimumIdle' need pooling=own; with pooling=outer set them on your pool");
        problems.require(
                parameters.containsKey(Parameter.USERNAME) == parameters.containsKey(Parameter.PASSWORD_REF),
                "parameters 'username' and 'passwordRef' belong together; give both, or neither");
        String reference = parameters.get(Parameter.PASSWORD_REF);
        problems.attempt(() -> reference == null ? "" : SecretRef.parse(reference));
        String migration = parameters.getOrDefault(Parameter.MIGRATION, "false");
        problems.require(
                migration.matches("(?i)true|false"), "parameter 'migration' is '" + migration + "'; use true or false");
        String startTimeout = parameters.get(Parameter.START_TIMEOUT);
        problems.attempt(() -> startTimeout == null ? Duration.ZERO : readStartTimeout(startTimeout));
        problems.throwIfAny();
        return new DriverUrl(name, parameters);
    }

    private static void read(String pair, Map<Parameter, String> parameters, Problems problems) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        Parameter known = Parameter.of(key);
        if (known == null || equals < 0) {
            problems.add(
                    known == null
                            ? "the URL's parameter '" + key + "' is not known; known are " + Parameter.names()
                                    + "; properties of the Postgres driver belong in the settings"
                            : "the URL's parameter '" + key + "' has no value; write " + key + "=VALUE");
            return;
        }
        try {
            parameters.put(known, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            problems.add("the URL's parameter '" + key + "' is not URL-encoded: write %25 for a percent sign");
        }
    }

    /** The names among {@code properties} that have no effect, including user and password if they aren't empty. */
    static String ignored(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(key -> Parameter.of(key) == null
                        && !properties.getProperty(key).isEmpty())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** How long the first read of the registry may take; empty for the data source's default, which also checks its bounds. */
    Optional<Duration> startTimeout() {
        return Optional.ofNullable(parameters.get(Parameter.START_TIMEOUT)).map(DriverUrl::readStartTimeout);
    }

    private static Duration readStartTimeout(String text) {
        return Durations.parse("parameter 'startTimeout'", text);
    }

    /** Whether to use db-client's own pool. */
    boolean isPoolingOwn() {
        return "own".equalsIgnoreCase(parameters.get(Parameter.POOLING));
    }

    /** Whether a connection is for a migration, which must not start during a cutover. */
    boolean isMigration() {
        return Boolean.parseBoolean(parameters.get(Parameter.MIGRATION));
    }

    /** The variables in {@code environment}, overridden by the URL's parameters. */
    Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put("REGISTRY_DATABASE", database);
        parameters.forEach((parameter, value) -> {
            if (parameter.variable != null) {
                variables.put(parameter.variable, value);
            }
        });
        return variables;
    }
}
