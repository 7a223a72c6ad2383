package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.setup.ReverseReplication.ReverseResult;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartResult;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of start and reverse. Pure. */
public final class ReplicationText {
    private final ServerPair pair;
    private final CommandText commands;

    public ReplicationText(ServerPair pair, CommandText commands) {
        this.pair = pair;
        this.commands = commands;
    }

    /** In a few lines, with what to do next. */
    public List<String> started(StartResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s follows %s: %s copied, %d in slices, %d to be filled in, %d left out; %.1f s",
                pair.target().endpoint(),
                pair.source().endpoint(),
                Plural.of(count(result, CopyMethod.COPY), "table"),
                count(result, CopyMethod.SLICES),
                count(result, CopyMethod.BACKFILL),
                count(result, CopyMethod.LEAVE_OUT),
                result.took().toMillis() / 1000.0));
        result.tables().stream()
                .filter(each -> each.method() == CopyMethod.BACKFILL)
                .forEach(each -> lines.add(TextTable.printable("now bring the rows of " + each.name()
                        + " that were there before, with the commands that replication plan shows")));
        lines.add(
                result.wayBack()
                        ? "the publication for the way back is ready on "
                                + pair.target().endpoint() + ": cutover --reverse-slot"
                        : "there is no publication for the way back");
        lines.add("next: " + commands.command("replication status " + target()));
        return lines;
    }

    private String target() {
        return pair.database() + " --target " + ShellWord.of(pair.target().endpoint()) + pair.adminWords();
    }

    private static long count(StartResult result, CopyMethod method) {
        return result.tables().stream().filter(each -> each.method() == method).count();
    }

    public Map<String, Object> startDocument(StartResult result) {
        Map<String, Object> document = base();
        document.put("name", result.name());
        document.put("wayBack", result.wayBack());
        document.put("millis", result.took().toMillis());
        document.put(
                "tables", result.tables().stream().map(ReplicationText::table).toList());
        return document;
    }

    private Map<String, Object> base() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", pair.database().value());
        document.put("source", pair.source().endpoint().toString());
        document.put("target", pair.target().endpoint().toString());
        return document;
    }

    private static Map<String, Object> table(PlannedTable each) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("schema", each.name().schema());
        table.put("table", each.name().name());
        table.put("method", each.method().word());
        return table;
    }

    /** In a few lines. */
    public List<String> reversed(ReverseResult result) {
        return List.of(
                pair.target().endpoint() + " follows " + pair.source().endpoint() + " from slot " + result.slot() + ": "
                        + Plural.of(result.tables(), "table")
                        + (result.ended() > 0 ? "; the earlier replication has ended" : ""),
                "a fence on " + pair.target().endpoint()
                        + " stays up, and changes get through it; before a cutover back, take it"
                        + " down with all that " + commands.command("cutover status " + pair.database()) + " prints",
                "next: " + commands.command("replication status " + target()));
    }

    public Map<String, Object> reverseDocument(ReverseResult result) {
        Map<String, Object> document = base();
        document.put("subscription", result.subscription());
        document.put("slot", result.slot());
        document.put("tables", result.tables());
        document.put("endedSubscriptions", result.ended());
        return document;
    }
}
