package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** Problems below a table: causes, complete and wrapped, and items that can't be read. Pure. */
public final class ProblemText {
    private static final int UNREADABLE_SHOWN = 10;
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_CAUSE = 4_000;

    private ProblemText() {}

    /** Items that can't be read, with their number; nothing if there are none. */
    public static List<String> unreadable(List<Unreadable> items, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        if (!items.isEmpty()) {
            lines.addAll(cause(Plural.of(items.size(), "unreadable item") + ":", width, colored));
        }
        items.stream()
                .limit(UNREADABLE_SHOWN)
                .forEach(each -> lines.addAll(
                        cause("  " + shortened(each.key()) + ": " + shortened(each.reason()), width, colored)));
        if (items.size() > UNREADABLE_SHOWN) {
            lines.addAll(cause("  and " + (items.size() - UNREADABLE_SHOWN) + " more", width, colored));
        }
        return lines;
    }

    private static String shortened(String text) {
        return TextTable.cut(TextTable.printable(text), LONGEST_KEY);
    }

    /** A cause, complete unless it is longer than any of ours: the essential part is often at the end. */
    public static List<String> cause(String text, int width, boolean colored) {
        return TextTable.wrap(TextTable.cut(TextTable.printable(text), LONGEST_CAUSE), width).stream()
                .map(line -> Tone.WARN.paint(line, colored))
                .toList();
    }
}
