package dev.connectionregistry.admin.server;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.settings.ConnectionSettings;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The options for the roles on two servers, for commands that the operator pastes: the fewest with which such a command
 * logs in as this one did. Has references, no passwords. Pure.
 */
public final class AdminOptionText {
    private static final int SOURCE_USERNAME = 1;
    private static final int SOURCE_PASSWORD = 2;
    private static final int TARGET_USERNAME = 4;
    private static final int TARGET_PASSWORD = 8;
    private static final int ALL = SOURCE_USERNAME | SOURCE_PASSWORD | TARGET_USERNAME | TARGET_PASSWORD;

    private final ServerLogin source;
    private final ServerLogin target;
    private final AdminDefaults defaults;

    private AdminOptionText(ServerLogin source, ServerLogin target, AdminDefaults defaults) {
        this.source = source;
        this.target = target;
        this.defaults = defaults;
    }

    /**
     * The options to append to a command whose source has {@code sourceSettings}, with a leading blank; empty if the
     * defaults suffice.
     *
     * @param targetSettings the settings that the command finds for the target, by its default
     * @param defaults what the operator has set for all commands
     */
    public static String of(
            ServerLogin source,
            ConnectionSettings sourceSettings,
            ServerLogin target,
            ConnectionSettings targetSettings,
            AdminDefaults defaults) {
        AdminOptionText text = new AdminOptionText(source, target, defaults);
        int fewest = IntStream.rangeClosed(0, ALL)
                .boxed()
                .sorted(Comparator.comparingInt(Integer::bitCount))
                .filter(options -> text.suffices(options, sourceSettings, targetSettings))
                .findFirst()
                .orElse(ALL);
        return option("--admin-username", source.username(), fewest & SOURCE_USERNAME)
                + option("--admin-password-ref", source.password(), fewest & SOURCE_PASSWORD)
                + option("--target-admin-username", target.username(), fewest & TARGET_USERNAME)
                + option("--target-admin-password-ref", target.password(), fewest & TARGET_PASSWORD);
    }

    private boolean suffices(int options, ConnectionSettings sourceSettings, ConnectionSettings targetSettings) {
        AdminLogin onSource = given(source, options & SOURCE_USERNAME, options & SOURCE_PASSWORD);
        AdminLogin onTarget = given(target, options & TARGET_USERNAME, options & TARGET_PASSWORD)
                .inheriting(onSource);
        return isLogin(source, onSource, sourceSettings) && isLogin(target, onTarget, targetSettings);
    }

    private AdminLogin given(ServerLogin login, int username, int password) {
        return new AdminLogin(
                Optional.of(login.username()).filter(any -> username != 0),
                Optional.of(login.password()).filter(any -> password != 0),
                defaults);
    }

    private static boolean isLogin(ServerLogin wanted, AdminLogin given, ConnectionSettings services) {
        ServerLogin login = given.on(
                new ServerLogin(wanted.endpoint(), services.username(), services.password(), wanted.properties()));
        return login.equals(wanted);
    }

    private static String option(String name, Object value, int needed) {
        return needed == 0 ? "" : " " + name + " " + ShellWord.of(value);
    }
}
