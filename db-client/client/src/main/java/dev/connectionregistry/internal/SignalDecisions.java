package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * The meaning of a cutover's signals (docs/adr/0032). A signal that proves that a version was written has the same
 * consequences as reading that version, by the same rule; any other signal is at most a reason to read.
 */
final class SignalDecisions {
    /**
     * About how long after acting on an announcement the registry is read; not sooner, so that a fleet's reads are
     * spread.
     */
    private static final Duration READ_AFTER = Duration.ofSeconds(2);
    /** About how long reports are then delayed; the coordinator has the signals and doesn't wait for them. */
    private static final Duration REPORT_AFTER = Duration.ofSeconds(1);

    private SignalDecisions() {}

    static Decision announced(ClientState state, DatabaseName database, Announcement announcement, long now) {
        if (announcement.version() <= state.known()) {
            return Decision.of(state); // repeated, or late
        }
        return proven(state, database, announcement)
                .map(target -> act(state, target))
                .orElseGet(() -> ReadDecisions.signalled(state, now));
    }

    /** The announced settings, if the newest settings have the commitment that the announcement fulfils. */
    private static Optional<SettingsToServe> proven(
            ClientState state, DatabaseName database, Announcement announcement) {
        SettingsToServe newest = state.newest();
        Transition transition = state.transition().orElse(null);
        return newest != null
                        && transition != null
                        && newest.source() == SettingsSource.REGISTRY
                        && VersionBounds.isPlausible(state.known(), announcement.version())
                        && announcement.isProvenBy(database, transition)
                ? Optional.of(SettingsToServe.announced(
                        announcement.version(),
                        AnnouncedContent.of(
                                announcement.kind(), announcement.version(), newest.settings(), transition)))
                : Optional.empty();
    }

    private static Decision act(ClientState state, SettingsToServe target) {
        ClientState announced = state.withReading(state.reading().dropped())
                .withSignals(state.signals().announced(target.version()));
        return Decision.of(announced, new Effect.Log(Level.INFO, "a signal announces " + target.name()))
                .then(next -> TransitionDecisions.accept(next, target))
                .and(
                        new Effect.PollAfter(READ_AFTER, Jitter.HALF),
                        new Effect.ReportsWait(REPORT_AFTER, Jitter.HALF),
                        new Effect.ReadWithin(target.version(), Signals.READ_WITHIN));
    }

    static Decision unread(ClientState state, long version) {
        if (state.signals().unread() != version) {
            return Decision.of(state);
        }
        Signals overdue = state.signals().nowOverdue();
        return Decision.of(
                state.withSignals(overdue),
                new Effect.Log(Level.WARN, overdue.problem().orElseThrow()));
    }

    /**
     * Heartbeats start to arrive, or no longer arrive; in the latter case reads soon become as frequent as without
     * signals.
     */
    static Decision work(ClientState state, String run, boolean work) {
        boolean known = state.transition()
                .filter(transition -> transition.id().equals(run))
                .isPresent();
        if (!known || state.signals().work() == work) {
            return Decision.of(state);
        }
        ClientState changed = state.withSignals(state.signals().working(work));
        return work || ReadDecisions.comesSoon(state)
                ? Decision.of(changed)
                : Decision.of(changed, new Effect.PollAfter(state.interval(), Jitter.FULL));
    }
}
