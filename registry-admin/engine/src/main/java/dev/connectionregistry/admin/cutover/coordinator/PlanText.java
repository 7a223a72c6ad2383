package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run would do, step by step, with what each would write or execute. Pure. */
public final class PlanText {
    private final List<String> lines = new ArrayList<>();
    private final RunRecord record;
    private final RunSpec spec;
    private final RunOptions options;
    private final boolean severalNames;
    private final Map<DatabaseName, Long> versions = new HashMap<>();

    private PlanText(RunRecord record) {
        this.record = record;
        this.spec = record.spec();
        this.options = spec.options();
        this.severalNames = spec.members().size() > 1;
        spec.members().forEach(each -> versions.put(each.name(), each.baseVersion()));
    }

    /** The lines; those that begin with spaces belong to the step before them. */
    public static List<String> lines(RunRecord record) {
        PlanText text = new PlanText(record);
        text.before();
        text.hold();
        if (record.spec().rehearsal()) {
            text.back();
        } else {
            text.behindTheFence();
            text.after();
        }
        return text.lines;
    }

    private void before() {
        step(
                severalNames
                        ? "take the locks of " + joined(spec.names()) + " in the registry, and those on "
                                + spec.fencedEndpoints()
                        : "take the lock in the registry and on "
                                + spec.source().endpoint());
        quicken();
        step(write(spec.members()) + ": PREPARE for " + spec.endpoints(GroupMember::target)
                + (severalNames ? "" : " as " + spec.target().username())
                + "; wait until every instance is ready, at most "
                + Durations.text(options.times().prepareTimeout()));
        if (severalNames) {
            spec.members()
                    .forEach(each -> detail(each.name() + ": " + each.target().endpoint() + " as "
                            + each.target().username()));
        }
        if (!options.without().isEmpty()) {
            detail("not waited for: " + String.join(", ", options.without()));
        }
    }

    private void quicken() {
        List<GroupMember> slow = spec.members().stream()
                .filter(each -> each.source()
                                .polling()
                                .interval()
                                .compareTo(options.times().pollInterval())
                        > 0)
                .toList();
        step(
                slow.isEmpty()
                        ? "wait until every instance has read " + versions(spec.members()) + " (poll interval "
                                + spec.source().polling() + ")"
                        : write(slow) + ": poll interval "
                                + slow.get(0)
                                        .source()
                                        .polling()
                                        .shortenedTo(options.times().pollInterval())
                                + "; wait until every instance has read it");
    }

    private void hold() {
        step(write(spec.members()) + ": HOLD, from here to the switch at most "
                + Durations.text(options.times().holdBudget()) + "; wait until nothing is in use");
        detail("transactions that outlast " + Durations.text(options.times().grace())
                + (options.cancelStragglers() ? " are ended on the server" : " end the cutover"));
    }

    private void behindTheFence() {
        boolean severalDatabases = spec.databases().size() > 1;
        step("fence " + spec.fencedEndpoints() + " (" + options.fence() + ") and prove it"
                + (options.exemptRoles().isEmpty() ? "" : "; exempt: " + String.join(", ", options.exemptRoles())));
        spec.databases().forEach(each -> {
            String where = severalDatabases ? "on " + each.get(0).source().endpoint() + ": " : "";
            record.database(each.get(0).name()).fence().map(FenceStatements::up).stream()
                    .flatMap(List::stream)
                    .forEach(statement -> detail(where + statement));
        });
        step("wait for the barrier: " + options.barrier());
        step("set the sequences" + (options.sequenceMargin() > 0 ? ", margin " + options.sequenceMargin() : ""));
        step("compare the servers: identity, schema"
                + (options.verifyTables().isEmpty() ? "" : ", rows of " + String.join(", ", options.verifyTables()))
                + ", and rows of small tables");
        spec.readers()
                .forEach(each -> detail("meanwhile wait until " + each.target().endpoint() + ", the target of "
                        + each.name() + ", has replayed what its target has"));
        spec.databases().forEach(each -> record.reverseSlot(each.get(0).name())
                .ifPresent(slot -> step("make the logical slot '" + slot + "' on "
                        + (severalDatabases ? each.get(0).target().endpoint() : "the target"))));
    }

    private void after() {
        step(write(spec.members()) + ": steady on " + spec.endpoints(GroupMember::target)
                + " (the point of no return)");
        step("wait until every instance serves from it");
        restore();
        detail(spec.databases().size() > 1 ? "the fences stay up" : "the fence stays up");
    }

    private void back() {
        step(write(spec.members()) + ": steady on " + spec.endpoints(GroupMember::source)
                + " again (this is a rehearsal)");
        restore();
    }

    private void restore() {
        step(write(spec.members()) + ": poll interval "
                + Durations.text(spec.source().polling().lasting()) + "; give the locks back");
    }

    /** {@code write version 3}, with the next version of each of them; several names are written in one transaction. */
    private String write(List<GroupMember> members) {
        members.forEach(each -> versions.merge(each.name(), 1L, Long::sum));
        return (members.size() > 1 ? "write, in one transaction, " : "write ") + versions(members);
    }

    private String versions(List<GroupMember> members) {
        return "version "
                + (severalNames
                        ? members.stream()
                                .map(each -> versions.get(each.name()) + " of " + each.name())
                                .collect(Collectors.joining(", "))
                        : String.valueOf(versions.get(spec.database())));
    }

    private static String joined(List<DatabaseName> names) {
        return names.stream().map(DatabaseName::value).collect(Collectors.joining(", "));
    }

    private void step(String text) {
        lines.add(text);
    }

    private void detail(String text) {
        lines.add("  " + text);
    }
}
