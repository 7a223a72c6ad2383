package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.core.internal.secrets.BoundedFile;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every login passes this guard before a password is looked up or a server is contacted, whichever part logs in: pools,
 * their validation and warming, signals, the end of sessions, and all of {@code registry-admin}. Immutable and
 * thread-safe.
 */
public final class LoginGuard {
    private static final long LARGEST_TLS_FILE = 4L * 1024 * 1024;

    private final SettingsBounds bounds;
    private final BoundsOwner party;

    public LoginGuard(SettingsBounds bounds, BoundsOwner party) {
        this.bounds = bounds;
        this.party = party;
    }

    /**
     * The guard of a service whose owner states its bounds one by one.
     *
     * @param base what its environment says
     * @param statements each extends the bounds
     * @param fallback the owner's own settings, which must keep to the bounds as well; null if there are none
     * @param problems receives each statement that isn't allowed, and everything in the fallback that the bounds don't
     *     allow
     */
    public static LoginGuard ofService(
            SettingsBounds base,
            List<UnaryOperator<SettingsBounds>> statements,
            @Nullable ConnectionSettings fallback,
            Problems problems) {
        SettingsBounds stated = base;
        for (UnaryOperator<SettingsBounds> statement : statements) {
            SettingsBounds before = stated;
            stated = Objects.requireNonNullElse(problems.attempt(() -> statement.apply(before)), before);
        }
        LoginGuard guard = new LoginGuard(stated, BoundsOwner.SERVICE);
        if (fallback != null) {
            guard.refusals(fallback.endpoint(), fallback.password(), fallback.properties())
                    .forEach(refusal -> problems.add("fallback: " + refusal));
        }
        return guard;
    }

    public SettingsBounds bounds() {
        return bounds;
    }

    /**
     * What is refused of a login, each with its bound and with what would allow it; empty if nothing is. Nothing is
     * read or contacted.
     */
    public List<String> refusals(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        return bounds.check(endpoint, password, properties).stream()
                .map(refusal -> refusal.text(party))
                .toList();
    }

    /**
     * The properties to log in with: those of the settings that the driver knows, and {@code requireAuth}. Checks the
     * files that the driver will read, so that the driver neither waits for one nor reads one without end.
     *
     * @return a new, mutable map
     * @throws InvalidSettingsException naming everything that is refused
     */
    public Map<String, String> admit(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        List<String> refused = new ArrayList<>(refusals(endpoint, password, properties));
        if (refused.isEmpty()) {
            DriverProperties.files(properties).forEach(file -> look(file, refused));
        }
        if (!refused.isEmpty()) {
            throw new InvalidSettingsException(refused);
        }
        Map<String, String> admitted = new TreeMap<>(DriverProperties.known(properties));
        if (!bounds.mayAskForPassword(endpoint, password, properties)) {
            admitted.put(Authentication.PROPERTY, Authentication.withoutPassword(properties));
        }
        if (admitted.containsKey("sslkey")) {
            admitted.put("sslpassword", ""); // or the driver asks for it on a terminal, and waits
        }
        return admitted;
    }

    private static void look(String file, List<String> refused) {
        try {
            BoundedFile.check(file, LARGEST_TLS_FILE);
        } catch (IOException e) {
            refused.add("file '" + file + "' of the driver's TLS properties " + e.getMessage());
        }
    }

    /**
     * What to add to the message of a failed login if the server asked for a password in clear text; otherwise empty.
     */
    public String advice(String message) {
        return message.contains(Authentication.PROPERTY)
                ? "; the server asks for the password in clear text, which is only sent to a server that"
                        + " sslmode=verify-full has proven to be one of those that " + party.statement(Bound.ENDPOINTS)
                        + " lists, or to any if " + party.statement(Bound.CLEARTEXT_PASSWORDS) + " says so"
                : "";
    }

    /**
     * Checks that the driver can keep a password from being sent in clear text.
     *
     * @throws InvalidSettingsException if it can't, saying which driver is needed
     */
    public void requireDriver() {
        DriverRelease.problem(DriverProperties::isKnown, DriverRelease.VERSION)
                .filter(problem -> !bounds.allowsCleartextEverywhere())
                .ifPresent(problem -> {
                    throw new InvalidSettingsException(problem + ", or " + party.statement(Bound.CLEARTEXT_PASSWORDS)
                            + " if passwords may be sent in clear text");
                });
    }

    /** The time zone that the driver property {@code options} sets; empty if it sets none. */
    public static Optional<String> timeZone(Map<String, String> properties) {
        return ServerOptions.timeZone(properties.getOrDefault("options", ""));
    }
}
