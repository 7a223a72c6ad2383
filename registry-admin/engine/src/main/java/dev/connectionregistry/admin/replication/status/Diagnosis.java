package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SourceSubscription;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.ReplicationWatch.StatusOptions;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is wrong, and what to do about it, given what was seen. Pure. */
final class Diagnosis {
    private static final int NAMED = 5;
    private static final String WRONG_SERVER =
            "if this is the wrong target, name the right one with --target; else disable that subscription, which fills the"
                    + " target with another server's rows, or tell a cutover which one counts with --slot";

    private final ReplicationFacts facts;
    private final WorkerHistory history;
    private final Map<String, Duration> delays;
    private final StatusOptions options;
    private final ReplicationNames names;
    private final AfterCutover afterCutover;
    private final Map<WorkerFailure, FailureReason> causes;
    private final List<Problem> problems = new ArrayList<>();

    Diagnosis(
            ReplicationFacts facts,
            WorkerHistory history,
            Map<String, Duration> delays,
            StatusOptions options,
            ReplicationNames names,
            AfterCutover afterCutover,
            Map<WorkerFailure, FailureReason> causes) {
        this.facts = facts;
        this.history = history;
        this.delays = delays;
        this.options = options;
        this.names = names;
        this.afterCutover = afterCutover;
        this.causes = causes;
    }

    /** The bad ones first. {@code leftOut} says which tables are left out on purpose. */
    List<Problem> problems(Predicate<TableName> leftOut) {
        if (afterCutover.is()) {
            problems.add(afterCutover.problem());
        } else if (facts.subscriptions().isEmpty()) {
            bad(
                    "the target has no subscription in this database",
                    "begin with replication plan, then replication start");
        }
        if (!facts.subscriptions().isEmpty()) {
            facts.blocked().forEach(each -> bad(each.text(), each.remedy()));
            facts.subscriptions().forEach(this::subscription);
            tables();
            gaps(leftOut);
            published(leftOut);
            uncovered(leftOut);
        }
        slotsWithoutSubscription();
        wayBack();
        readOnly();
        problems.sort(Comparator.comparing(each -> !each.bad()));
        return problems;
    }

    private void bad(String what, String remedy) {
        problems.add(Problem.withWords(true, what, remedy));
    }

    private void note(String what, String remedy) {
        problems.add(Problem.withWords(false, what, remedy));
    }

    private void subscription(SubscriptionFacts each) {
        String name = "subscription " + quoted(each.name());
        if (!each.enabled()) {
            bad(
                    name + " is disabled, and its slot keeps the source's log",
                    "on the target: ALTER SUBSCRIPTION " + quoted(each.name()) + " ENABLE");
        } else {
            worker(each, name);
        }
        if (!each.conflicts().isEmpty()) {
            problems.add(Problem.withCommand(
                    false,
                    name + " has counted conflicts: " + each.conflicts()
                            + "; missing rows and the like don't stop it, and mean that somebody wrote to the target",
                    afterCutover.verify()));
        }
        if (each.following().state() == FollowResult.State.REFUTED) {
            bad(name + " " + each.following().why(), WRONG_SERVER);
        } else {
            facts.slotOf(each).ifPresentOrElse(slot -> slot(each, slot, name), () -> noSlot(each, name));
        }
    }

    private void worker(SubscriptionFacts each, String name) {
        long grown = history.newErrors(each);
        if (grown > 0) {
            bad(
                    name + " fails again and again: " + each.applyErrors().orElse(0) + " errors applying changes, "
                            + each.copyErrors().orElse(0) + " copying tables, " + grown
                            + " of them recently" + cause(each),
                    remedy(each));
        } else if (each.worker() == 0) {
            bad(name + " has no worker" + cause(each), remedy(each));
        } else if (history.comesAndGoes(each)) {
            bad("the worker of " + name + " comes and goes" + cause(each), remedy(each));
        } else if (each.errors() > 0) {
            note(name + " had " + each.errors() + " errors, none recently", "");
        }
    }

    private Optional<FailureReason> reason(SubscriptionFacts subscription) {
        Stream<FailureReason> copies = facts.tables().stream()
                .filter(each -> each.subscription().equals(subscription.name()))
                .flatMap(each ->
                        Stream.ofNullable(causes.get(WorkerFailure.copying(subscription.name(), each.table()))));
        return Stream.concat(Stream.ofNullable(causes.get(WorkerFailure.applying(subscription.name()))), copies)
                .min(Comparator.comparing(each -> !each.known()));
    }

    /** Why, as far as that could be found out. */
    private String cause(SubscriptionFacts subscription) {
        return reason(subscription).map(each -> ": " + each.what()).orElse("");
    }

    private String remedy(SubscriptionFacts each) {
        return reason(each)
                .map(cause -> cause.known() ? cause.remedy() : cause.remedy() + ". " + usual(each))
                .orElseGet(() -> "look for ERROR in the target's log. " + usual(each));
    }

    private static String usual(SubscriptionFacts each) {
        String name = quoted(each.name());
        return "Where a row is there already (duplicate key): delete it on the target. Where a table or column is"
                + " missing: fix the target's schema. It continues by itself within seconds. To leave a transaction out"
                + " (verify afterwards): from 15 on ALTER SUBSCRIPTION " + name
                + " SKIP (lsn = 'the one that the log says after \"finished at\"'); before, disable it, SELECT"
                + " pg_replication_origin_advance('pg_" + each.number() + "', 'LSN after the transaction'), enable it";
    }

    private void slot(SubscriptionFacts subscription, SlotFacts slot, String whose) {
        String name = "slot " + quoted(slot.name());
        unproven(subscription, slot, whose);
        if (slot.walStatus().equals("lost")) {
            bad(
                    name + " has lost the log that it needs; that log can't be recovered",
                    "replication stop, then replication start: the" + " tables are copied again");
            return;
        }
        if (slot.walStatus().equals("unreserved")) {
            bad(
                    name + " is about to lose the log that it needs",
                    "raise max_slot_wal_keep_size on the source now, and reload");
        }
        if (!slot.active() && subscription.enabled() && subscription.worker() != 0) {
            bad("nobody is connected to " + name + " on the source" + cause(subscription), remedy(subscription));
        }
        slot.behind().stream()
                .filter(bytes -> bytes > options.maxLag())
                .forEach(bytes -> bad(
                        name + " is " + ByteSize.text(bytes) + " behind (more than " + ByteSize.text(options.maxLag())
                                + ")",
                        "it may catch up by itself: watch with --watch"));
        Duration delay = delays.getOrDefault(slot.name(), Duration.ZERO);
        if (delay.compareTo(options.maxDelay()) > 0) {
            bad(
                    name + " is " + delay.toSeconds() + " s behind (more than "
                            + options.maxDelay().toSeconds() + " s)",
                    "look for a long transaction on the source, or for locks on the target");
        }
    }

    /** If something else is wrong with it, that is reported instead. */
    private void unproven(SubscriptionFacts subscription, SlotFacts slot, String whose) {
        boolean atWork = subscription.enabled() && subscription.worker() != 0 && slot.active();
        if (atWork && subscription.following().state() == FollowResult.State.UNPROVEN) {
            bad(
                    whose + " " + subscription.following().why(),
                    "look again once it has caught up; a cutover waits for the same, and is refused without it");
        }
    }

    private void noSlot(SubscriptionFacts each, String name) {
        if (names.isOurs(each.name())) {
            bad(
                    name
                            + (each.slot().isEmpty()
                                    ? " has no slot"
                                    : " reads from slot " + quoted(each.slot()) + ", which the source doesn't have"),
                    slotIsGone(each));
        } else if (each.enabled()) {
            bad(name + " " + each.following().why() + ", so it reads from another server", WRONG_SERVER);
        } else {
            note(
                    name + " isn't ours and reads from another server"
                            + (each.slot().isEmpty() ? "" : ": the source has no slot " + quoted(each.slot())),
                    "");
        }
    }

    /**
     * A slot that is made again begins later than where the subscription had got to: what was written in between is
     * lost.
     */
    private String slotIsGone(SubscriptionFacts each) {
        boolean begun =
                facts.tables().stream().anyMatch(table -> table.subscription().equals(each.name()));
        return begun
                ? "its tables have to be copied again, since a slot that is made now begins after what it lacks: replication stop,"
                        + " empty the tables on the target, then replication plan and start"
                : "replication start makes what is missing";
    }

    private void tables() {
        if (facts.pending() > 0) {
            bad(
                    facts.pending() + " of " + facts.tables().size() + " tables don't follow yet",
                    "wait: --watch shows how far they are");
        }
        List<TableProgress> left =
                facts.tables().stream().filter(history::isLeft).toList();
        if (!left.isEmpty()) {
            Optional<FailureReason> cause = left.stream()
                    .flatMap(each ->
                            Stream.ofNullable(causes.get(WorkerFailure.copying(each.subscription(), each.table()))))
                    .min(Comparator.comparing(each -> !each.known()));
            bad(
                    "no worker copies "
                            + some(left.stream().map(TableProgress::table).toList()) + ", although it was begun"
                            + cause.map(each -> ": " + each.what()).orElse(""),
                    cause.map(FailureReason::remedy)
                            .orElse(
                                    "look for ERROR in the target's log; the copy begins again by itself within seconds"));
        }
    }

    /** Only the rows themselves show what a slot has left out that was dropped and made again. */
    private void gaps(Predicate<TableName> leftOut) {
        List<RowGaps.Gap> gaps = facts.gaps().stream()
                .filter(each -> !leftOut.test(each.table()))
                .toList();
        if (!gaps.isEmpty()) {
            bad(
                    "rows differ although the target follows: " + RowGaps.words(gaps),
                    "see which: " + afterCutover.verify()
                            + ". A slot that was dropped and made again has left out what was"
                            + " written meanwhile, and somebody may have written to the target; if rows are missing: replication"
                            + " stop, empty the tables on the target, then replication plan and start");
        }
    }

    private void published(Predicate<TableName> leftOut) {
        Coverage coverage = new Coverage(facts);
        List<String> partial = coverage.partial(leftOut);
        if (!partial.isEmpty()) {
            bad(
                    some(partial) + (partial.size() == 1 ? " is" : " are") + " published only in part: the rest isn't"
                            + " replicated",
                    "where a slice is missing: replication stop, empty the table on the target, replication start; where"
                            + " others filter rows or columns: take the table out of their publication, or the publication"
                            + " out of the subscription; on purpose: --except TABLE");
        }
        List<TableName> left = coverage.untaken();
        if (!left.isEmpty()) {
            bad(
                    some(left) + (left.size() == 1 ? " is" : " are") + " published, but no subscription contains"
                            + (left.size() == 1 ? " it" : " them"),
                    "on the target, after TRUNCATE of what has rows there already: " + refresh());
        }
    }

    private void uncovered(Predicate<TableName> leftOut) {
        List<TableName> forgotten =
                facts.uncovered().stream().filter(leftOut.negate()).toList();
        if (!forgotten.isEmpty()) {
            bad(
                    some(forgotten) + (forgotten.size() == 1 ? " is" : " are") + " not replicated",
                    "give replication start again (add them to the plan first if they aren't in it)" + byHand(forgotten)
                            + "; what is left out on purpose: --except TABLE");
        }
    }

    /**
     * What {@code reverse} has made has no plan: {@code start} would treat its tables as if their rows were missing.
     */
    private String byHand(List<TableName> tables) {
        return facts.subscriptions().stream()
                .filter(each -> names.isOurs(each.name()) && !each.readsElsewhere())
                .filter(each -> !each.publications().isEmpty())
                .findFirst()
                .map(each -> "; after a replication reverse instead: on the source ALTER PUBLICATION "
                        + quoted(each.publications().get(0)) + " ADD TABLE "
                        + tables.stream().map(TableName::sql).collect(Collectors.joining(", "))
                        + "; then on the target, after TRUNCATE of what has rows there already, ALTER SUBSCRIPTION "
                        + quoted(each.name()) + " REFRESH PUBLICATION;")
                .orElse("");
    }

    private void slotsWithoutSubscription() {
        Set<String> read = facts.subscriptions().stream()
                .filter(each -> !each.readsElsewhere())
                .map(SubscriptionFacts::slot)
                .collect(Collectors.toSet());
        facts.slots().stream()
                .filter(each -> !read.contains(each.name()) && names.isOurs(each.name()))
                .forEach(this::slotWithoutReader);
        facts.slots().stream()
                .filter(each -> !read.contains(each.name()) && !names.isOurs(each.name()))
                .forEach(each -> note(
                        "slot " + quoted(each.name()) + " on the source (" + each.plugin()
                                + (each.active() ? ", in use" : ", not in use") + ") isn't ours and keeps "
                                + ByteSize.text(each.retained().orElse(0)) + " of log",
                        ""));
    }

    /** The same facts fit an interrupted start and a way back that isn't used yet: the latter must not be dropped. */
    private void slotWithoutReader(SlotFacts slot) {
        String what = "slot " + quoted(slot.name()) + " on the source has no reader and keeps "
                + ByteSize.text(slot.retained().orElse(0)) + " of log";
        String drop = "on the source SELECT pg_drop_replication_slot('" + slot.name() + "')";
        if (!afterCutover.isWayBack(slot)) {
            bad(
                    what,
                    afterCutover.is()
                            ? drop
                            : "if a start was interrupted: replication start continues it; if a reverse was:"
                                    + " replication reverse does; if nobody needs it: replication stop, or " + drop);
        } else if (!afterCutover.is()) {
            bad(
                    what
                            + "; the source itself follows another server than the target, and this may be the way back there",
                    "replication reverse with --target that server");
        }
    }

    private void wayBack() {
        facts.targetSlots().stream()
                .filter(each -> names.isOurs(each.name()))
                .forEach(each -> note(
                        "slot " + quoted(each.name()) + " on the target "
                                + (afterCutover.ledHere(each)
                                        ? "is the one that fed the source, until reverse ends it, and keeps "
                                        : "is for the way back, and keeps ")
                                + ByteSize.text(each.retained().orElse(0)) + " of log there",
                        ""));
        Optional<String> there = facts.sourceSubscriptions().stream()
                .filter(each -> each.enabled() && names.isOurs(each.name()))
                .map(SourceSubscription::name)
                .findFirst();
        Optional<String> here = facts.subscriptions().stream()
                .filter(each -> each.enabled() && names.isOurs(each.name()))
                .map(SubscriptionFacts::name)
                .findFirst();
        if (there.isPresent() && here.isPresent()) {
            bad(
                    "both servers follow each other, and changes run in a circle",
                    "disable one side at once: on the source ALTER SUBSCRIPTION " + quoted(there.get())
                            + " DISABLE; or on the target ALTER SUBSCRIPTION " + quoted(here.get()) + " DISABLE;");
        }
    }

    /** Behind the fence of the cutover that led away from it, a target refuses nearly every statement that is advised here. */
    private void readOnly() {
        if (facts.targetReadOnly() && problems.stream().anyMatch(Problem::bad)) {
            note(
                    "the target is read-only by default, for instance because of the fence of an earlier cutover",
                    "begin a session in which you paste statements there with: SET default_transaction_read_only = off;");
        }
    }

    /** Refreshes the target's subscriptions that read from the source, or may. */
    private String refresh() {
        return facts.subscriptions().stream()
                .filter(each -> !each.readsElsewhere())
                .map(each -> "ALTER SUBSCRIPTION " + quoted(each.name()) + " REFRESH PUBLICATION;")
                .collect(Collectors.joining(" "));
    }

    private static String some(List<?> tables) {
        return Plural.some(tables, NAMED, ", ");
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
