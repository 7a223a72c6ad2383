package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * As what a subscriber logs in to its publisher. Holds no password, only where it is to be found on this machine.
 *
 * @param login who and where, as seen from the subscriber
 * @param options further parameters of libpq, such as {@code sslmode}; with {@code passfile} no password is handed over
 */
public record SubscriberLogin(ServerLogin login, Map<String, String> options) {
    private static final Set<String> GIVEN_OTHERWISE =
            Set.of("host", "hostaddr", "port", "dbname", "user", "password", "service");

    private static final String OPTIONS = "options";

    /** Refuses options that have a place of their own. */
    public SubscriberLogin {
        options = Map.copyOf(new TreeMap<>(options));
        for (String each : options.keySet()) {
            if (GIVEN_OTHERWISE.contains(each)) {
                throw new InvalidSettingsException(
                        "--connection-option " + each
                                + " has an option of its own: --source-host, --replication-username or --replication-password-ref");
            }
            if (!each.matches("[a-z_]+")) {
                throw new InvalidSettingsException("--connection-option takes names such as sslmode");
            }
        }
    }

    /**
     * The same, whose sessions on the publisher no time-out ends: one would end every copy that takes longer, for ever.
     *
     * @param timeouts settings that the publisher has
     */
    public SubscriberLogin withoutTimeouts(Collection<String> timeouts) {
        Map<String, String> more = new TreeMap<>(options);
        String off = timeouts.stream().map(each -> "-c " + each + "=0").collect(Collectors.joining(" "));
        more.merge(OPTIONS, off, (given, ours) -> ours + " " + given);
        return off.isEmpty() ? this : new SubscriberLogin(login, more);
    }

    /** Whether the password is in a file on the subscriber's machine. */
    public boolean hasPassfile() {
        return options.containsKey("passfile");
    }
}
