package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Set;

/**
 * What to check.
 *
 * @param pair the two servers
 * @param skipped names of checks that aren't made, and shown as such
 * @param leftOut names of checks that aren't made, and not shown, since the caller makes them
 * @param limits how long anything may take
 */
public record PreflightRequest(ServerPair pair, Set<String> skipped, Set<String> leftOut, Limits limits) {
    public PreflightRequest {
        skipped = Set.copyOf(skipped);
        leftOut = Set.copyOf(leftOut);
    }

    /**
     * How long anything may take.
     *
     * @param check one check, login included; 100 ms to 10 minutes
     * @param longTransaction a transaction on the source that is older than this is reported; above zero
     */
    public record Limits(Duration check, Duration longTransaction) {
        public static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofMinutes(1));

        /**
         * Checks the bounds.
         *
         * @throws InvalidSettingsException naming the option that is outside them
         */
        public Limits {
            between("--check-timeout", check, Duration.ofMillis(100), Duration.ofMinutes(10));
            between("--long-transaction", longTransaction, Duration.ofMillis(1), Duration.ofDays(1));
        }

        private static void between(String name, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new InvalidSettingsException(name + " is " + Durations.text(value) + "; it must be "
                        + Durations.text(least) + " to " + Durations.text(most));
            }
        }
    }
}
