package dev.connectionregistry.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything that is wrong with a set of values, so that a user can fix it all at once instead of one problem
 * per attempt. Not thread-safe; used for one validation.
 */
public final class Problems {
    private final List<String> found = new ArrayList<>();

    /** Notes {@code problem} unless {@code holds}. */
    public void require(boolean holds, String problem) {
        if (!holds) {
            found.add(problem);
        }
    }

    /** Notes a problem unless {@code value} lies in {@code min..max}, both included. */
    public void requireBetween(String name, Duration value, Duration min, Duration max) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                name + " is " + Durations.text(value) + "; it must be " + Durations.text(min) + " to "
                        + Durations.text(max));
    }

    /** Notes a problem unless {@code value} lies in {@code min..max}, both included. */
    public void requireBetween(String name, long value, long min, long max) {
        require(value >= min && value <= max, name + " is " + value + "; it must be " + min + " to " + max);
    }

    /** Runs {@code parse}; if it throws {@link InvalidSettingsException}, adds its problems and returns null. */
    public <T> @Nullable T attempt(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (InvalidSettingsException e) {
            found.addAll(e.problems());
            return null;
        }
    }

    /** Adds one problem. */
    public void add(String problem) {
        found.add(problem);
    }

    /** Whether no problem was found so far. */
    public boolean none() {
        return found.isEmpty();
    }

    /**
     * Ends the validation.
     *
     * @throws InvalidSettingsException with all problems, if there was any
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidSettingsException(found);
        }
    }
}
