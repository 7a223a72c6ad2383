package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.replication.setup.StopPlan;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was, or would be, dropped. Pure. */
public final class StopText {
    private StopText() {}

    /** A line for each object that would be dropped; objects that were dropped have already been reported. */
    public static List<String> lines(StopPlan plan, boolean dryRun, boolean colored) {
        List<String> lines = new ArrayList<>();
        if (plan.items().isEmpty()) {
            lines.add("nothing of this replication exists"
                    + (plan.remains().isEmpty() ? "" : " where it can be reached"));
        } else if (dryRun) {
            lines.add(Tone.BOLD.paint("would be dropped:", colored));
            plan.items().forEach(each -> lines.add(TextTable.printable("  " + line(plan, each))));
        } else {
            lines.add("nothing of this replication remains"
                    + (plan.remains().isEmpty() ? "" : " where it can be reached"));
        }
        plan.remains()
                .forEach(each ->
                        lines.add(each.startsWith("--") ? Tone.WARN.paint(TextTable.printable(each), colored) : each));
        return lines;
    }

    private static String line(StopPlan plan, Item item) {
        String line = item.kind() + " " + item.name() + " on " + item.endpoint();
        if (plan.isWayBack(item)) {
            return line + " (the way back: going back would lose what was written since the cutover)";
        }
        return line + (item.inUse() ? " (changes flow over it)" : "");
    }

    public static Map<String, Object> document(StopPlan plan, boolean dryRun) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("dryRun", dryRun);
        document.put(
                "items", plan.items().stream().map(each -> item(plan, each)).toList());
        document.put("remains", plan.remains());
        return document;
    }

    private static Map<String, Object> item(StopPlan plan, Item item) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", item.kind().toString());
        map.put("name", item.name());
        map.put("server", item.endpoint().toString());
        map.put("inUse", item.inUse());
        map.put("wayBack", plan.isWayBack(item));
        return map;
    }
}
