package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.settings.DatabaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A run as its journal describes it. What it says about the servers is not trusted: the plan of the fence is shown to
 * people and never carried out (the record on the source is), and the servers' identities are compared.
 *
 * @param spec what is to be done
 * @param coordinators who has carried it out, in order, such as {@code alice@laptop (resume)}
 * @param databases what is known of each Postgres database that is left
 * @param steps what was done, the latest {@link #KEPT_STEPS}
 * @param reverseSlotBegun whether the reverse slot may have been made
 * @param step what is done now, or was done last
 * @param undoing whether it is being undone
 * @param outcome how it ended; empty while it is open
 * @param cause the first thing that went wrong; empty if nothing did
 */
public record RunRecord(
        RunSpec spec,
        List<String> coordinators,
        List<PostgresDatabase> databases,
        List<StepRecord> steps,
        boolean reverseSlotBegun,
        Step step,
        boolean undoing,
        Optional<RunOutcome> outcome,
        String cause) {
    public static final int KEPT_STEPS = 200;

    /**
     * One of the Postgres databases that the run leaves.
     *
     * @param names the registry's names for it; the first one leads
     * @param fence how the fence goes up and down; empty until it was planned
     * @param source which server is left; empty until it was asked
     * @param target which server is the target; empty until it was asked
     */
    public record PostgresDatabase(
            List<DatabaseName> names,
            Optional<FencePlan> fence,
            Optional<PostgresIdentity> source,
            Optional<PostgresIdentity> target) {
        public PostgresDatabase {
            names = List.copyOf(names);
        }

        /** A Postgres database of which nothing is known yet. */
        public static PostgresDatabase of(List<DatabaseName> names) {
            return new PostgresDatabase(names, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** The usual name of the slot for the way back: it contains both servers, once they are known. */
        private String usualReverseSlot() {
            ReplicationNames usual = ReplicationNames.of(names.get(0));
            return source.isPresent() && target.isPresent()
                    ? usual.between(source.get(), target.get()).namedWayBack()
                    : usual.earlier();
        }
    }

    public RunRecord {
        coordinators = List.copyOf(coordinators);
        databases = List.copyOf(databases);
        steps = List.copyOf(steps.subList(Math.max(0, steps.size() - KEPT_STEPS), steps.size()));
    }

    public static RunRecord of(RunSpec spec) {
        return new RunRecord(
                spec,
                List.of(),
                spec.databaseNames().stream().map(PostgresDatabase::of).toList(),
                List.of(),
                false,
                Step.TAKE_REGISTRY_LOCK,
                false,
                Optional.empty(),
                "");
    }

    /** The Postgres database that has this name. */
    public PostgresDatabase database(DatabaseName name) {
        return databases.stream()
                .filter(each -> each.names().contains(name))
                .findFirst()
                .orElseGet(() -> PostgresDatabase.of(List.of(name)));
    }

    /** How the fence around the first name's source goes up and down; empty until it was planned. */
    public Optional<FencePlan> fence() {
        return database(spec.database()).fence();
    }

    /** Which server the first name leaves; empty until it was asked. */
    public Optional<PostgresIdentity> sourceIdentity() {
        return database(spec.database()).source();
    }

    /** Which server the first name goes to; empty until it was asked. */
    public Optional<PostgresIdentity> targetIdentity() {
        return database(spec.database()).target();
    }

    /** {@link #reverseSlot(DatabaseName)} of the first name. */
    public Optional<String> reverseSlot() {
        return reverseSlot(spec.database());
    }

    /** The name of the slot for the way back, even if the operator gave no name. Empty if no slot was asked for. */
    public Optional<String> reverseSlot(DatabaseName name) {
        return spec.options()
                .reverseSlot()
                .map(given -> given.isEmpty() ? database(name).usualReverseSlot() : given);
    }

    /**
     * The part of this that concerns one of its names, as if that moved alone; all of it if the name isn't one of them.
     */
    public RunRecord about(DatabaseName name) {
        Optional<GroupMember> member = spec.member(name);
        return member.isEmpty()
                ? this
                : changed(next -> {
                    next.spec = spec.about(member.get());
                    next.databases = List.of(database(name));
                });
    }

    /** With other logins or options. */
    public RunRecord with(RunSpec other) {
        return changed(next -> next.spec = other);
    }

    /** Carried out by {@code who} from now on. */
    public RunRecord carriedOutBy(String who) {
        return changed(next -> next.coordinators = and(coordinators, who));
    }

    /** With these servers as source and target of the Postgres database that has this name. */
    public RunRecord between(DatabaseName name, PostgresIdentity source, PostgresIdentity target) {
        return changed(
                name, old -> new PostgresDatabase(old.names(), old.fence(), Optional.of(source), Optional.of(target)));
    }

    /** With this fence around the Postgres database that has this name. */
    public RunRecord fencedBy(DatabaseName name, FencePlan plan) {
        return changed(name, old -> new PostgresDatabase(old.names(), Optional.of(plan), old.source(), old.target()));
    }

    private RunRecord changed(DatabaseName name, UnaryOperator<PostgresDatabase> change) {
        PostgresDatabase old = database(name);
        return changed(next -> next.databases = databases.stream()
                .map(each -> each.equals(old) ? change.apply(each) : each)
                .toList());
    }

    /** After {@code step}. */
    public RunRecord after(StepRecord step) {
        return changed(next -> next.steps = and(steps, step));
    }

    /** In this state; {@code slotBegun} says whether the reverse slot may be made from now on. */
    public RunRecord in(RunState state, boolean slotBegun, Optional<RunOutcome> ended) {
        return changed(next -> {
            next.reverseSlotBegun = reverseSlotBegun || slotBegun;
            next.step = state.step();
            next.undoing = state.undoing();
            next.outcome = ended;
            next.cause = state.cause();
        });
    }

    /**
     * What an earlier coordinator wrote, continued by this record's last coordinator; only what it says about this
     * record's names.
     */
    public RunRecord goingOnFrom(RunRecord theirs) {
        return theirs.with(spec)
                .carriedOutBy(coordinators.get(coordinators.size() - 1))
                .changed(next -> {
                    next.databases = databases.stream().map(theirs::asKnownOf).toList();
                });
    }

    private PostgresDatabase asKnownOf(PostgresDatabase known) {
        return databases.stream()
                .filter(each -> each.names().equals(known.names()))
                .findFirst()
                .orElse(known);
    }

    private RunRecord changed(Consumer<Draft> change) {
        Draft next = new Draft(this);
        change.accept(next);
        return next.done();
    }

    private static <T> List<T> and(List<T> all, T last) {
        List<T> longer = new ArrayList<>(all);
        longer.add(last);
        return longer;
    }

    /** A record that is being changed; for one thread. */
    private static final class Draft {
        private RunSpec spec;
        private List<String> coordinators;
        private List<PostgresDatabase> databases;
        private List<StepRecord> steps;
        private boolean reverseSlotBegun;
        private Step step;
        private boolean undoing;
        private Optional<RunOutcome> outcome;
        private String cause;

        Draft(RunRecord from) {
            spec = from.spec;
            coordinators = from.coordinators;
            databases = from.databases;
            steps = from.steps;
            reverseSlotBegun = from.reverseSlotBegun;
            step = from.step;
            undoing = from.undoing;
            outcome = from.outcome;
            cause = from.cause;
        }

        RunRecord done() {
            return new RunRecord(spec, coordinators, databases, steps, reverseSlotBegun, step, undoing, outcome, cause);
        }
    }
}
