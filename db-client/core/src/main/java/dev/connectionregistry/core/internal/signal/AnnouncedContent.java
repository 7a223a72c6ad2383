package dev.connectionregistry.core.internal.signal;

import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import java.util.Optional;

/**
 * The content of an announced version, except for who wrote it. The coordinator writes exactly this content and an
 * instance acts on exactly this content, so the later read compares equal.
 *
 * @param settings the settings of the version
 * @param transition the cutover in it; empty if it is steady
 */
public record AnnouncedContent(ConnectionSettings settings, Optional<Transition> transition) {
    /**
     * The content of {@code version}, which follows settings with a transition.
     *
     * @param current the settings beside {@code transition}: those of the source
     * @param transition the transition before the announced version
     */
    public static AnnouncedContent of(
            Commitment.Kind kind, long version, ConnectionSettings current, Transition transition) {
        return switch (kind) {
            case HOLD -> new AnnouncedContent(current, Optional.of(transition.holdingAs(version)));
            case SWITCH -> new AnnouncedContent(transition.target().withPolling(current.polling()), Optional.empty());
            case UNDO -> new AnnouncedContent(current, Optional.empty());
        };
    }
}
