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
            description = "the role that works on the old server (default: the settings' own)")
    private Optional<String> oldUsername = Optional.empty();

    @Option(
            names = "--admin-password-ref",
            paramLabel = "REF",
            description =
                    "where its password is, seen from here: env:NAME, file:/path, secretsmanager:NAME (default: the settings' own)")
    private Optional<SecretRef> oldPassword = Optional.empty();

    @Option(
            names = "--target-admin-username",
            paramLabel = "U",
            description = "the role that works on the new server (default: --admin-username, else the target's own)")
    private Optional<String> newUsername = Optional.empty();

    @Option(
            names = "--target-admin-password-ref",
            paramLabel = "REF",
            description = "where its password is (default: --admin-password-ref, else the target's own)")
    private Optional<SecretRef> newPassword = Optional.empty();

    public AdminLogin onOld() {
        Credentials.check(oldUsername, oldPassword);
        return new AdminLogin(oldUsername, oldPassword);
    }

    public AdminLogin onNew() {
        Credentials.check(newUsername, newPassword);
        return new AdminLogin(newUsername.or(() -> oldUsername), newPassword.or(() -> oldPassword));
    }
}
