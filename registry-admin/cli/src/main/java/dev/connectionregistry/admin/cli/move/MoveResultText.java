package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.fleet.FleetDocuments;
import dev.connectionregistry.admin.cli.settings.Documents;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.move.MoveResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of a move, as text and as a document. Pure. */
final class MoveResultText {
    private MoveResultText() {}

    /** For {@code --output json}. */
    static Map<String, Object> document(MoveResult move) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("written", move.change().written());
        document.put(Documents.CHANGES, Documents.differences(move.change().differences()));
        document.put("settings", Documents.settings(move.last()));
        document.put("movedAtVersion", move.change().after().version());
        move.total().ifPresent(total -> document.put("totalMillis", total.toMillis()));
        move.fleet().ifPresent(fleet -> document.put("instances", FleetDocuments.members(fleet)));
        document.put("warnings", move.warnings());
        return document;
    }

    /** Which instances followed, and when; empty if the fleet wasn't watched. The change itself was printed before. */
    static List<String> lines(MoveResult move, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        move.fleet()
                .map(FleetSnapshot::involved)
                .filter(fleet -> !fleet.members().isEmpty())
                .ifPresent(fleet -> lines.addAll(table(fleet).lines(width, colored)));
        move.total()
                .ifPresent(total -> lines.add(Tone.BOLD.paint(
                        move.fleet().map(fleet -> fleet.arrived().size()).orElse(0)
                                + " of "
                                + move.fleet().map(fleet -> fleet.live().size()).orElse(0)
                                + " live instances followed; the last " + FleetEvents.seconds(total)
                                + " after the write",
                        colored)));
        return lines;
    }

    private static TextTable table(FleetSnapshot fleet) {
        TextTable table = new TextTable(List.of(
                new Column("SERVICE", 8, 90),
                new Column("INSTANCE", 8, 100),
                new Column("VERSION", 7, 80),
                new Column("MOVED AFTER", 11, 70),
                new Column("CUT", 3, 60)));
        for (FleetMember member : fleet.members()) {
            table.row(
                    Cell.of(member.report().service()),
                    Cell.of(member.report().instance()),
                    Cell.of(member.report().version()),
                    member.reachedAfter()
                            .filter(after -> member.liveness() == Liveness.LIVE)
                            .map(after -> new Cell(FleetEvents.seconds(after), Tone.GOOD))
                            .orElse(new Cell(member.liveness() == Liveness.SILENT ? "silent" : "stopped", Tone.FAINT)),
                    new Cell(
                            String.valueOf(member.cutConnections()),
                            member.cutConnections() > 0 ? Tone.WARN : Tone.PLAIN));
        }
        return table;
    }
}
