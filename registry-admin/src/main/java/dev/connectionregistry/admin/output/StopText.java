package dev.connectionregistry.admin.output;

import dev.connectionregistry.admin.replication.setup.StopPlan;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was, or would be, dropped. Pure. */
public final class StopText {
    private StopText() {}

    /** A line for each thing. */
    public static List<String> lines(StopPlan plan, boolean dryRun, boolean colored) {
        List<String> lines = new ArrayList<>();
        if (plan.items().isEmpty()) {
            lines.add("there is nothing of this replication"
                    + (plan.remains().isEmpty() ? "" : " where it can be reached"));
        } else {
            lines.add(Tone.BOLD.paint(dryRun ? "would be dropped:" : "dropped:", colored));
            plan.items()
                    .forEach(each -> lines.add(TextTable.printable("  " + each.kind() + " " + each.name() + " on "
                            + each.endpoint() + (each.inUse() && dryRun ? " (changes flow over it)" : ""))));
        }
        plan.remains()
                .forEach(each ->
                        lines.add(each.startsWith("--") ? Tone.WARN.paint(TextTable.printable(each), colored) : each));
        return lines;
    }

    /** For programs. */
    public static Map<String, Object> document(StopPlan plan, boolean dryRun) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("dryRun", dryRun);
        document.put("items", plan.items().stream().map(StopText::item).toList());
        document.put("remains", plan.remains());
        return document;
    }

    private static Map<String, Object> item(Item item) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", item.kind().toString());
        map.put("name", item.name());
        map.put("server", item.endpoint().toString());
        map.put("inUse", item.inUse());
        return map;
    }
}
