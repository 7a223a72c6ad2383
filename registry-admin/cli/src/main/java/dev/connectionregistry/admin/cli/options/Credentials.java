package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import java.util.Map;
import java.util.Optional;

/** Another role, another password reference, or both. */
public final class Credentials {
    /** The forms of a password reference, for help and errors. */
    public static final String FORMS = "env:NAME, file:/path, secretsmanager:NAME[#json-key], ssm:/path, rds-iam";

    /** The modules that services need besides db-client, by scheme. */
    private static final Map<String, String> MODULES = Map.of(
            "secretsmanager", "software.amazon.awssdk:secretsmanager",
            "ssm", "software.amazon.awssdk:ssm",
            "rds-iam", "software.amazon.awssdk:rds");

    private static final ConnectionSettings ANY =
            ConnectionSettings.of(new Endpoint("any", 1, "any"), "any", new SecretRef("env", "ANY"));

    private Credentials() {}

    /** Refuses values that settings can't have, before anything is read. */
    public static void check(Optional<String> username, Optional<SecretRef> password) {
        ConnectionSettings unused = apply(ANY, username, password);
        assert unused != null;
    }

    /** Refuses driver properties that settings can't have. */
    static void checkProperties(Map<String, String> properties) {
        ConnectionSettings unused = ANY.withProperties(properties);
        assert unused != null;
    }

    /** Services refuse settings whose password they can't find, which only shows after the write. */
    public static void warn(Console console, Optional<SecretRef> password) {
        password.map(SecretRef::scheme).ifPresent(scheme -> {
            String module = MODULES.get(scheme);
            if (module != null) {
                console.warn("services need " + module + " on their class path for " + scheme
                        + " passwords, and the right to read them; without either they refuse these settings");
            } else if (scheme.startsWith("x-")) {
                console.warn("services need a resolver for '" + scheme
                        + ":' passwords; without one they refuse these settings");
            }
        });
    }

    /**
     * A client that connects over a network without verifying the server gives password and data to any server that
     * answers.
     */
    public static void warnOfTls(Console console, ConnectionSettings settings) {
        Tls tls = Tls.of(settings);
        if (Tls.isRemote(settings.endpoint()) && !tls.isVerified()) {
            console.warn(settings.endpoint() + " need not prove its identity (sslmode is '" + tls
                    + "'): use --property sslmode=" + Tls.VERIFY_FULL + " --property sslrootcert=/path/to/ca.pem");
        }
    }

    /** The settings with another server; without a database name in {@code endpoint}, the current name stays. */
    public static ConnectionSettings moved(
            ConnectionSettings settings,
            Converters.EndpointText endpoint,
            Optional<String> username,
            Optional<SecretRef> password) {
        return apply(settings.withEndpoint(endpoint.resolve(settings.endpoint().databaseName())), username, password);
    }

    public static ConnectionSettings apply(
            ConnectionSettings settings, Optional<String> username, Optional<SecretRef> password) {
        return settings.withCredentials(username.orElse(settings.username()), password.orElse(settings.password()));
    }
}
