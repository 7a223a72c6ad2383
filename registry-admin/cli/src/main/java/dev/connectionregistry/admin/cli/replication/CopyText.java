package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.setup.CopyProgress;
import java.time.Duration;
import java.util.Locale;

/** The progress of a copy in one line. Pure. */
final class CopyText {
    private static final int BAR = 20;
    /** From this width on, there is room for the rows and a longer bar. */
    private static final int ROOMY = 100;

    private CopyText() {}

    /** {@code [3/12] public.orders  [########------------]  42 %  310 MB, 1,200,000 rows  copying, 12 s}. */
    static String bar(CopyProgress copy, int width) {
        boolean narrow = width < ROOMY;
        String phase = narrow && copy.phase() == CopyProgress.Phase.COPYING ? "  " : "  " + copy.phase() + ", ";
        String end = "  " + drawn(copy.share(), narrow ? BAR / 2 : BAR) + " " + percent(copy)
                + (narrow ? bytes(copy) : amounts(copy)) + phase + seconds(copy.elapsed());
        String begin = begin(copy);
        int room = Math.max(12, width - TextTable.width(end));
        String name = TextTable.width(begin) > room
                ? TextTable.cut(begin, room)
                : begin + " ".repeat(Math.min(4, room - TextTable.width(begin)));
        return TextTable.cut(name + end, width);
    }

    /** The same without a bar, for logs. */
    static String line(CopyProgress copy) {
        boolean ended = copy.phase() == CopyProgress.Phase.FOLLOWS;
        return begin(copy) + ": " + copy.phase() + (ended ? " after " : " for ") + seconds(copy.elapsed())
                + (ended ? "" : ", " + (percent(copy) + amounts(copy)).strip());
    }

    private static String begin(CopyProgress copy) {
        return TextTable.printable("[" + copy.number() + "/" + copy.of() + "] " + copy.label());
    }

    private static String drawn(double share, int length) {
        int full = share < 0 ? 0 : (int) Math.round(share * length);
        return "[" + "#".repeat(full) + "-".repeat(length - full) + "]";
    }

    private static String percent(CopyProgress copy) {
        return copy.share() < 0 ? "   ? " : String.format(Locale.ROOT, "%3.0f %%", copy.share() * 100);
    }

    private static String amounts(CopyProgress copy) {
        return copy.rows() < 0 ? bytes(copy) : bytes(copy) + String.format(Locale.ROOT, ", %,d rows", copy.rows());
    }

    private static String bytes(CopyProgress copy) {
        return copy.bytes() < 0 ? "" : "  " + ByteSize.text(copy.bytes());
    }

    private static String seconds(Duration elapsed) {
        return elapsed.toSeconds() < 10
                ? String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0)
                : elapsed.toMinutes() < 2
                        ? elapsed.toSeconds() + " s"
                        : elapsed.toMinutes() + " min " + elapsed.toSecondsPart() + " s";
    }
}
