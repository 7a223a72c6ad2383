package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who carries a cutover out on the two servers. */
public final class AdminOptions {
    @Option(
            names = "--admin-username",
            paramLabel = "U",
            description = "the role that works on the source (default: the settings' own)")
    private Optional<String> sourceUsername = Optional.empty();

    @Option(
            names = "--admin-password-ref",
            paramLabel = "REF",
            description =
                    "where its password is, seen from here: env:NAME, file:/path, secretsmanager:NAME (default: the settings' own)")
    private Optional<SecretRef> sourcePassword = Optional.empty();

    @Option(
            names = "--target-admin-username",
            paramLabel = "U",
            description = "the role that works on the target (default: --admin-username, else the target's own)")
    private Optional<String> targetUsername = Optional.empty();

    @Option(
            names = "--target-admin-password-ref",
            paramLabel = "REF",
            description = "where its password is (default: --admin-password-ref, else the target's own)")
    private Optional<SecretRef> targetPassword = Optional.empty();

    public AdminLogin onSource() {
        Credentials.check(sourceUsername, sourcePassword);
        return new AdminLogin(sourceUsername, sourcePassword);
    }

    public AdminLogin onTarget() {
        Credentials.check(targetUsername, targetPassword);
        return new AdminLogin(targetUsername.or(() -> sourceUsername), targetPassword.or(() -> sourcePassword));
    }
}
