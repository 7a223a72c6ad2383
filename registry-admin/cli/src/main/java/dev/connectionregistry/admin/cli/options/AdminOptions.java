package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.SecretRef;
import jakarta.inject.Inject;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The roles with which a cutover logs in to the two servers. */
public final class AdminOptions {
    @Option(
            names = "--admin-username",
            paramLabel = "U",
            description = "the role for work on the source (default: your defaults, then the settings' own role)")
    private Optional<String> sourceUsername = Optional.empty();

    @Option(
            names = "--admin-password-ref",
            paramLabel = "REF",
            description =
                    "the reference to its password on this machine: env:NAME, file:/path, secretsmanager:NAME (default:"
                            + " your defaults, then the settings' own)")
    private Optional<SecretRef> sourcePassword = Optional.empty();

    @Option(
            names = "--target-admin-username",
            paramLabel = "U",
            description = "the role for work on the target (default: --admin-username, then your defaults, then the"
                    + " target's own)")
    private Optional<String> targetUsername = Optional.empty();

    @Option(
            names = "--target-admin-password-ref",
            paramLabel = "REF",
            description = "the reference to its password (default: --admin-password-ref, then your defaults, then the"
                    + " target's own)")
    private Optional<SecretRef> targetPassword = Optional.empty();

    private final OperatorDefaults defaults;

    @Inject
    AdminOptions(OperatorDefaults defaults) {
        this.defaults = defaults;
    }

    public AdminLogin onSource() {
        return login(sourceUsername, sourcePassword);
    }

    public AdminLogin onTarget() {
        return login(targetUsername, targetPassword).inheriting(onSource());
    }

    private AdminLogin login(Optional<String> username, Optional<SecretRef> password) {
        Credentials.check(username, password);
        return new AdminLogin(username, password, defaults.logins());
    }
}
