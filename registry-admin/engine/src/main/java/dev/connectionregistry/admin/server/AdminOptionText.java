package dev.connectionregistry.admin.server;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.settings.ConnectionSettings;

/**
 * The options that say who works on two servers, for commands that the operator pastes: without them they would be carried out as
 * the services' role. Has references, no passwords. Pure.
 */
public final class AdminOptionText {
    private AdminOptionText() {}

    /**
     * What follows a command whose source's settings are {@code sourceSettings}, with the blank before it; empty if the defaults do.
     *
     * @param targetSettings the settings that the command finds for the target, by its default
     */
    public static String of(
            ServerLogin source,
            ConnectionSettings sourceSettings,
            ServerLogin target,
            ConnectionSettings targetSettings) {
        boolean otherRole = !source.username().equals(sourceSettings.username());
        boolean otherPassword = !source.password().equals(sourceSettings.password());
        String usual = otherRole ? source.username() : targetSettings.username();
        Object usualPassword = otherPassword ? source.password() : targetSettings.password();
        return option("--admin-username", source.username(), otherRole)
                + option("--admin-password-ref", source.password(), otherPassword)
                + option(
                        "--target-admin-username",
                        target.username(),
                        !target.username().equals(usual))
                + option(
                        "--target-admin-password-ref",
                        target.password(),
                        !target.password().equals(usualPassword));
    }

    private static String option(String name, Object value, boolean needed) {
        return needed ? " " + name + " " + ShellWord.of(value) : "";
    }
}
