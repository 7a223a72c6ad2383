package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import java.util.Map;
import java.util.Optional;

/** Another user name, another reference, or both. */
public final class Credentials {
    /** Where a password may be, for help and errors. */
    public static final String FORMS = "env:NAME, file:/path, secretsmanager:NAME[#json-key], ssm:/path, rds-iam";

    /** What services need besides db-client, by the scheme. */
    private static final Map<String, String> MODULES = Map.of(
            "secretsmanager", "software.amazon.awssdk:secretsmanager",
            "ssm", "software.amazon.awssdk:ssm",
            "rds-iam", "software.amazon.awssdk:rds");

    private static final ConnectionSettings ANY =
            ConnectionSettings.of(new Endpoint("any", 1, "any"), "any", new SecretRef("env", "ANY"));

    private Credentials() {}

    /** Refuses what no settings can have, before anything is read. */
    public static void check(Optional<String> username, Optional<SecretRef> password) {
        ConnectionSettings unused = apply(ANY, username, password);
        assert unused != null;
    }

    /** Refuses driver properties that no settings can have. */
    static void checkProperties(Map<String, String> properties) {
        ConnectionSettings unused = ANY.withProperties(properties);
        assert unused != null;
    }

    /** Services refuse settings whose password they can't find, and that is seen only after the write. */
    public static void warn(Console console, Optional<SecretRef> password) {
        password.map(SecretRef::scheme).ifPresent(scheme -> {
            String module = MODULES.get(scheme);
            if (module != null) {
                console.warn("services need " + module + " on their class path for " + scheme
                        + " passwords, and the right to read it; without either they refuse these settings");
            } else if (scheme.startsWith("x-")) {
                console.warn("services need a resolver for '" + scheme
                        + ":' passwords; without one they refuse these settings");
            }
        });
    }

    /** A client that connects over a network without verifying the server gives password and data to any server that answers. */
    public static void warnOfTls(Console console, ConnectionSettings settings) {
        Tls tls = Tls.of(settings);
        if (Tls.isRemote(settings.endpoint()) && !tls.isVerified()) {
            console.warn(settings.endpoint() + " need not prove who it is (sslmode is '" + tls
                    + "'): use --property sslmode=" + Tls.VERIFY_FULL + " --property sslrootcert=/path/to/ca.pem");
        }
    }

    /** On another server, where the name of the database stays if {@code endpoint} has none. */
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
