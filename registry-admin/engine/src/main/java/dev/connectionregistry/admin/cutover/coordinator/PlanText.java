package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.settings.Durations;
import java.util.ArrayList;
import java.util.List;

/** What a run would do, step by step, with what each would write or execute. Pure. */
public final class PlanText {
    private final List<String> lines = new ArrayList<>();
    private long version;

    private PlanText(RunSpec spec) {
        version = spec.baseVersion();
    }

    /** The lines; those that begin with spaces belong to the step before them. */
    public static List<String> lines(RunRecord record) {
        PlanText text = new PlanText(record.spec());
        text.before(record.spec());
        text.hold(record);
        if (record.spec().rehearsal()) {
            text.back(record.spec());
        } else {
            text.behindTheFence(record);
            text.after(record.spec());
        }
        return text.lines;
    }

    private void before(RunSpec spec) {
        RunOptions options = spec.options();
        step("take the lock in the registry and on " + spec.source().endpoint());
        boolean quick =
                spec.source().polling().interval().compareTo(options.times().pollInterval()) <= 0;
        step(
                quick
                        ? "wait until everyone has read version " + version + " (poll interval "
                                + spec.source().polling() + ")"
                        : "write version " + ++version + ": poll interval "
                                + spec.source()
                                        .polling()
                                        .shortenedTo(options.times().pollInterval())
                                + "; wait until everyone has read it");
        step("write version " + ++version + ": PREPARE for " + spec.target().endpoint() + " as "
                + spec.target().username() + "; wait until everyone is ready, at most "
                + Durations.text(options.times().prepareTimeout()));
        if (!options.without().isEmpty()) {
            detail("not waited for: " + String.join(", ", options.without()));
        }
    }

    private void hold(RunRecord record) {
        RunOptions options = record.spec().options();
        step("write version " + ++version + ": HOLD, from here to the switch at most "
                + Durations.text(options.times().holdBudget()) + "; wait until nothing is in use");
        detail("transactions that outlast " + Durations.text(options.times().grace())
                + (options.cancelStragglers() ? " are ended on the server" : " end the cutover"));
    }

    private void behindTheFence(RunRecord record) {
        RunOptions options = record.spec().options();
        step("fence " + record.spec().source().endpoint() + " (" + options.fence() + ") and prove it"
                + (options.exemptRoles().isEmpty() ? "" : "; exempt: " + String.join(", ", options.exemptRoles())));
        record.fence().map(FenceStatements::up).ifPresent(up -> up.forEach(this::detail));
        step("wait for the barrier: " + options.barrier());
        step("set the sequences" + (options.sequenceMargin() > 0 ? ", margin " + options.sequenceMargin() : ""));
        step("compare the servers: identity, schema"
                + (options.verifyTables().isEmpty() ? "" : ", rows of " + String.join(", ", options.verifyTables()))
                + ", and rows of small tables");
        record.reverseSlot().ifPresent(slot -> step("make the logical slot '" + slot + "' on the target"));
    }

    private void after(RunSpec spec) {
        step("write version " + ++version + ": steady on " + spec.target().endpoint() + " (no way back from here)");
        step("wait until everyone serves from it");
        restore(spec);
        detail("the fence stays up");
    }

    private void back(RunSpec spec) {
        step("write version " + ++version + ": steady on " + spec.source().endpoint() + " again (this is a rehearsal)");
        restore(spec);
    }

    private void restore(RunSpec spec) {
        step("write version " + ++version + ": poll interval "
                + Durations.text(spec.source().polling().lasting()) + "; give the locks back");
    }

    private void step(String text) {
        lines.add(text);
    }

    private void detail(String text) {
        lines.add("  " + text);
    }
}
