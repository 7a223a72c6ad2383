package dev.connectionregistry.admin.server;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.settings.ConnectionSettings;

/**
 * The options that say who works on two servers, for commands that the operator pastes: without them they would be carried out as
 * the services' role. Has references, no passwords. Pure.
 */
public final class AdminWords {
    private AdminWords() {}

    /**
     * What follows a command whose source's settings are {@code present}, with the blank before it; empty if the defaults do.
     *
     * @param intended the settings that the command finds for the target, by its default
     */
    public static String of(
            ServerLogin source, ConnectionSettings present, ServerLogin target, ConnectionSettings intended) {
        boolean otherRole = !source.username().equals(present.username());
        boolean otherPassword = !source.password().equals(present.password());
        String usual = otherRole ? source.username() : intended.username();
        Object usualPassword = otherPassword ? source.password() : intended.password();
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
