package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.common.SimilarNames;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares a plan file with what the servers have now. Pure; for one use. */
public final class PlanCheck {
    private final SourceFacts facts;
    private final Map<TableName, TableFacts> units = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<PlannedTable> settled = new ArrayList<>();

    public PlanCheck(SourceFacts facts) {
        this.facts = facts;
        Planner.units(facts).forEach(each -> units.put(each.name(), each));
    }

    /** What is wrong, each problem with its line if it has one; empty if nothing is. */
    public List<String> problems() {
        return problems;
    }

    /** What to do, if there is no problem. */
    public List<PlannedTable> tables() {
        return settled;
    }

    /** Checks every choice. */
    public PlanCheck check(PlanFile file) {
        Map<TableName, TableFacts> left = new LinkedHashMap<>(units);
        for (PlanChoice choice : file.choices()) {
            TableFacts table = left.remove(choice.table());
            if (table == null) {
                problems.add("line " + choice.line() + ": " + unknown(choice.table()));
            } else {
                settle(choice, table);
            }
        }
        left.keySet()
                .forEach(each -> problems.add(each + " is on the source, but not in the plan: add it with a method"
                        + " (leave-out is one), or make the plan again"));
        return this;
    }

    private String unknown(TableName name) {
        String extension = facts.extensionTables().get(name);
        if (extension != null) {
            return name + " belongs to extension " + extension + " and isn't replicated: remove it";
        }
        boolean otherUnit = facts.tables().stream().anyMatch(each -> each.name().equals(name));
        if (otherUnit) {
            return name
                    + (facts.viaRoot()
                            ? " is a partition: it is replicated with its root"
                            : " is partitioned: its partitions are replicated one by one, since not both sides are"
                                    + " Postgres 13 or later");
        }
        List<String> known =
                new TreeSet<>(units.keySet()).stream().map(TableName::toString).toList();
        List<String> close = SimilarNames.to(name.toString(), known);
        return "there is no table " + name + " on the source"
                + (close.isEmpty() ? "" : "; did you mean " + String.join(" or ", close) + "?");
    }

    private void settle(PlanChoice choice, TableFacts table) {
        boolean replicated = choice.method() != CopyMethod.LEAVE_OUT;
        String obstacle = obstacle(choice, table);
        if (!obstacle.isEmpty()) {
            problems.add("line " + choice.line() + ": " + table.name() + ": " + obstacle);
        }
        String problem = replicated ? PlanFindings.problem(table) : "";
        if (!problem.isEmpty()) {
            problems.add("line " + choice.line() + ": " + table.name() + ": " + problem);
        }
        settled.add(new PlannedTable(
                table,
                choice.method(),
                choice.slices(),
                "as planned",
                problem,
                replicated ? PlanFindings.note(table, choice.method()) : ""));
    }

    private String obstacle(PlanChoice choice, TableFacts table) {
        boolean ordinary = table.kind() == TableFacts.Kind.TABLE || table.kind() == TableFacts.Kind.PARTITIONED;
        if (choice.method() != CopyMethod.LEAVE_OUT && !ordinary) {
            return "it is " + table.kind().name().toLowerCase(java.util.Locale.ROOT)
                    + " and can't be replicated; its method must be leave-out";
        }
        if (choice.method() == CopyMethod.SLICES && !facts.filtersRows()) {
            return "slices need Postgres 15 on both sides, and these are " + facts.sourceMajor() + " and "
                    + facts.targetMajor();
        }
        String unsliced = SliceFilter.obstacle(table);
        if (choice.method() == CopyMethod.SLICES && !unsliced.isEmpty()) {
            return "it can't be sliced: " + unsliced;
        }
        if (choice.method() == CopyMethod.BACKFILL && table.key().isEmpty()) {
            return "it has no primary key by which duplicate rows could be recognised";
        }
        return "";
    }
}
