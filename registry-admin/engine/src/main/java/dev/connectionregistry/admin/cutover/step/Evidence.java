package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.SettingsState;
import java.util.Optional;

/**
 * What a step that was done has seen.
 *
 * @param text for people; no secret
 * @param found what a look at the settings showed; empty for every other step
 */
public record Evidence(String text, Optional<SettingsState> found) {
    /** Of any step but a look. */
    public static Evidence of(String text) {
        return new Evidence(text, Optional.empty());
    }
}
