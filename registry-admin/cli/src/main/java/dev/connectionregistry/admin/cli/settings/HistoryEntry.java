package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A version in the history and the version before it. Pure.
 *
 * @param settings the version
 * @param before the newest lower version, which may be lower by more than 1; empty if there is none, or it can't be
 *     read
 */
public record HistoryEntry(VersionedSettings settings, Optional<VersionedSettings> before) {
    private static final String NOTHING_TO_COMPARE = "-";

    /** The newest {@code limit} of {@code versions}; they are sorted, newest first, and may have gaps. */
    public static List<HistoryEntry> of(List<VersionedSettings> versions, int limit) {
        List<HistoryEntry> past = new ArrayList<>();
        for (int index = 0; index < Math.min(limit, versions.size()); index++) {
            past.add(new HistoryEntry(
                    versions.get(index), versions.stream().skip(index + 1L).findFirst()));
        }
        return past;
    }

    /** What the version changed; empty if that isn't known. */
    public Optional<List<SettingsDiff.Difference>> differences() {
        return before.map(older -> SettingsDiff.between(older, settings));
    }

    /** What the version changed, in a few words. */
    public String change() {
        if (settings.removed()) {
            return "removed";
        }
        if (settings.version() == 1) {
            return "added";
        }
        return before.map(this::since).orElse(NOTHING_TO_COMPARE);
    }

    private String since(VersionedSettings older) {
        Optional<String> step = TransitionText.step(older, settings);
        List<String> words = Stream.concat(
                        step.stream(),
                        SettingsDiff.besidesTransition(older, settings).stream().map(HistoryEntry::words))
                .toList();
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }

    private static String words(SettingsDiff.Difference difference) {
        return switch (difference.name()) {
            case "removed" -> "brought back";
            case "endpoint" -> "endpoint";
            default ->
                difference.name() + " " + difference.before().orElse("(none)") + " -> "
                        + difference.after().orElse("(none)");
        };
    }
}
