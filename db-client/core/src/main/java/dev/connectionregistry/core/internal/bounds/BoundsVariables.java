package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Bounds from environment variables: lists are separated by commas or spaces. Pure. */
public final class BoundsVariables {
    private BoundsVariables() {}

    /**
     * The bounds that the environment states for one owner; {@link SettingsBounds#DEFAULT} where it states nothing.
     *
     * @throws InvalidSettingsException naming each variable that can't be read. A variable that is set but empty is
     *     refused: it would allow everything although somebody meant to allow less
     */
    public static SettingsBounds read(BoundsOwner party, Map<String, String> environment) {
        Problems problems = new Problems();
        SettingsBounds bounds = SettingsBounds.DEFAULT;
        for (Bound bound : Bound.values()) {
            String variable = party.variable(bound);
            String text = environment.get(variable);
            if (text != null) {
                SettingsBounds before = bounds;
                bounds =
                        Objects.requireNonNullElse(problems.attempt(() -> with(before, bound, variable, text)), before);
            }
        }
        problems.throwIfAny();
        return bounds;
    }

    private static SettingsBounds with(SettingsBounds bounds, Bound bound, String variable, String text) {
        List<String> parts =
                Stream.of(text.split("[,\\s]+")).filter(part -> !part.isEmpty()).toList();
        if (parts.isEmpty()) {
            throw new InvalidSettingsException(
                    "environment variable " + variable + " is empty; unset it, or name what is allowed");
        }
        try {
            return BoundsMap.with(bounds, bound, parts);
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException("environment variable " + variable + ": " + e.getMessage());
        }
    }
}
