package dev.connectionregistry.admin.settings;

import dev.connectionregistry.settings.Change;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * Signs what is written.
 *
 * @param by who writes, such as {@code alice@laptop}; asked for only when something is written
 * @param clock says when
 */
public record Authorship(Supplier<String> by, Clock clock) {
    /** The signature of a write that happens now. */
    public Change sign(String reason) {
        return new Change(by.get(), clock.instant().truncatedTo(ChronoUnit.MILLIS), reason);
    }
}
