package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.admin.settings.RollbackFinder;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes a change and watches the fleet follow it: shortens the poll interval, waits until every instance has adopted
 * it, writes, waits until every instance serves the new version, and restores the interval. Each write is conditional
 * on the version before it, and leaves valid settings, so the process may die at any point; run again, it continues
 * from what it finds. For one move and one thread.
 */
public final class MoveRun {
    private static final Duration RESTORE_MARGIN = Duration.ofSeconds(2);

    private final Tools tools;
    private final MoveRequest request;
    private final MoveObserver observer;
    private final MoveMessages messages;
    private final FleetProgress progress;
    private final List<String> warnings = new ArrayList<>();
    /** The temporary interval that is in force because of this move, or that it took up; empty otherwise. */
    private Optional<Polling> temporary = Optional.empty();

    private boolean shortenedHere;
    private boolean changeWritten;

    /** What moves work with: the write, the watch, and the restored interval. */
    public record Tools(
            ChangeSettings changes,
            FleetWatcher watcher,
            IntervalRestorer restorer,
            Timing timing,
            CommandText commands) {
        @Inject
        public Tools {}
    }

    public MoveRun(Tools tools, MoveRequest request, MoveObserver observer) {
        this.tools = tools;
        this.request = request;
        this.observer = observer;
        this.messages = new MoveMessages(request.change().database(), tools.commands());
        this.progress =
                new FleetProgress(FleetGoal.acknowledged(0), tools.timing().nanoTime());
    }

    private DatabaseName database() {
        return request.change().database();
    }

    /**
     * Edits what is current now, and moves.
     *
     * @throws OperationException if another operator writes, the fleet doesn't follow in time, or the operator stops it
     */
    public MoveResult run(UnaryOperator<ConnectionSettings> edit) {
        return run(tools.changes().current(request.change()), edit);
    }

    /**
     * The same with what {@link ChangeSettings#current} or {@link RollbackFinder#newest} has returned as {@code base}, which may
     * be a removed database that comes back.
     */
    public MoveResult run(VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        if (request.change().dryRun()) {
            return MoveResult.of(write(base, edit.apply(base.settings())));
        }
        messages.begin(base);
        tools.changes()
                .requireMayGo(request.change(), base, edit.apply(base.settings())); // before the interval is touched
        try {
            boolean watched = request.watch() ? somebodyIsThere(base) : looksAside();
            VersionedSettings ready = watched && !isSoAlready(base, edit) ? quicken(base) : base;
            checkStop();
            long since = tools.timing().nanoTime();
            ChangeResult change = change(ready, edit);
            Optional<FleetSnapshot> fleet =
                    request.watch() ? Optional.of(follow(base, change.after(), since)) : Optional.empty();
            return finish(base, change, fleet);
        } catch (RuntimeException e) { // whatever it is, the interval must not stay short
            throw afterFailure(e);
        }
    }

    /** Then nothing will be written, unless an earlier move left a temporary interval that must be restored. */
    private static boolean isSoAlready(VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        ConnectionSettings now = base.settings();
        return !base.removed()
                && !now.polling().isTemporary()
                && SettingsDiff.between(now, edit.apply(now)).isEmpty();
    }

    private boolean somebodyIsThere(VersionedSettings base) {
        FleetSnapshot first = tools.watcher().look(database(), progress);
        FleetEvents.ahead(first).ifPresent(text -> {
            throw messages.ahead(text);
        });
        messages.served(base, first);
        if (first.live().isEmpty()) {
            warn("no instance uses '" + database()
                    + "' now: no live instance has a report, so there is nothing to wait for");
        }
        return !first.live().isEmpty();
    }

    /**
     * Without a wait the fleet doesn't matter, except that a write that some instance won't follow deserves a warning.
     */
    private boolean looksAside() {
        try {
            FleetEvents.ahead(tools.watcher().look(database(), progress))
                    .ifPresent(text -> warn(text + "; " + FleetEvents.AHEAD_ADVICE));
        } catch (RegistryException ignored) {
            // a plain write doesn't need the fleet; if the registry is at fault, the write says so
        }
        return false;
    }

    private VersionedSettings quicken(VersionedSettings base) {
        if (request.pollInterval().isEmpty()) {
            return base;
        }
        Duration wanted = request.pollInterval().get();
        Polling polling = base.settings().polling();
        VersionedSettings quick = base;
        if (polling.interval().compareTo(wanted) > 0) {
            checkStop();
            quick = shorten(base, polling.shortenedTo(wanted));
            shortenedHere = true;
            said("version " + quick.version() + ": poll interval "
                    + quick.settings().polling());
        } else {
            observer.step("the poll interval is " + polling + " already");
        }
        temporary = Optional.of(quick.settings().polling()).filter(Polling::isTemporary);
        temporary.ifPresent(messages::temporary);
        FleetWatcher.Result taken =
                await(FleetGoal.acknowledged(quick.version()), tools.timing().nanoTime(), polling.interval());
        if (taken.ending() == FleetWatcher.Ending.TIMED_OUT) {
            throw messages.neverQuick(taken, quick);
        }
        tools.changes().requireFree(quick); // the wait may have taken long
        return quick;
    }

    private VersionedSettings shorten(VersionedSettings base, Polling polling) {
        try {
            return write(base, base.settings().withPolling(polling)).after();
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN) {
                temporary = Optional.of(polling); // to be restored if it took effect
            }
            throw e;
        }
    }

    private ChangeResult change(VersionedSettings ready, UnaryOperator<ConnectionSettings> edit) {
        ChangeResult change = write(ready, edit.apply(ready.settings()));
        if (change.written()) {
            changeWritten = true;
            temporary =
                    temporary.map(before -> change.after().settings().polling()).filter(Polling::isTemporary);
            change.differences()
                    .forEach(each -> said("version " + change.after().version() + ": " + each));
        } // else the result says that it is so already
        return change;
    }

    private ChangeResult write(VersionedSettings base, ConnectionSettings content) {
        return tools.changes().edit(request.change(), base, content);
    }

    private FleetSnapshot follow(VersionedSettings base, VersionedSettings target, long since) {
        Duration interval = temporary
                .map(Polling::interval)
                .orElse(base.settings().polling().interval());
        FleetWatcher.Result outcome = await(new FleetGoal(request.goal(), target.version()), since, interval);
        if (outcome.ending() == FleetWatcher.Ending.TIMED_OUT) {
            throw messages.notEveryone(outcome);
        }
        return outcome.snapshot();
    }

    private FleetWatcher.Result await(FleetGoal goal, long since, Duration interval) {
        observer.step("waiting for the fleet to " + goal);
        FleetWatcher.Result outcome =
                tools.watcher().await(database(), progress, goal, since, request.timeout(), interval, observer);
        if (outcome.ending() == FleetWatcher.Ending.STOPPED) {
            throw messages.interrupted(changeWritten);
        }
        if (outcome.ending() == FleetWatcher.Ending.REACHED) {
            observer.step("reached by " + Plural.of(outcome.snapshot().arrived().size(), "live instance") + ", after "
                    + FleetEvents.seconds(outcome.status().elapsed()));
        }
        return outcome;
    }

    private MoveResult finish(VersionedSettings base, ChangeResult change, Optional<FleetSnapshot> fleet) {
        fleet.ifPresent(snapshot -> snapshot.silent().forEach(member -> warn(MoveMessages.silent(member))));
        Optional<IntervalRestorer.Restored> restored = temporary.map(this::restore);
        restored.flatMap(IntervalRestorer.Restored::written).ifPresent(version -> {
            saidRestored(version);
            awaitRestored(version);
        });
        restored.flatMap(IntervalRestorer.Restored::current)
                .filter(current -> current.version() > change.after().version())
                .ifPresent(current -> warn(MoveMessages.overtaken(current)));
        VersionedSettings last =
                restored.flatMap(IntervalRestorer.Restored::written).orElse(change.after());
        ChangeResult whole = new ChangeResult(
                Optional.of(base), change.after(), SettingsDiff.between(base, last), change.written() || shortenedHere);
        return new MoveResult(
                whole,
                last,
                fleet,
                fleet.filter(any -> change.written()).flatMap(FleetSnapshot::lastArrival),
                List.copyOf(warnings),
                restored.flatMap(IntervalRestorer.Restored::problem)
                        .map(problem -> messages.notRestored(problem, restoreCommand())));
    }

    /**
     * Waits until every instance has read the normal interval, so that a look right afterwards finds them all on the
     * last version. By then everything is written: a late instance reads it by itself, so it is only named.
     */
    private void awaitRestored(VersionedSettings restored) {
        Duration interval = request.pollInterval().orElse(Polling.MINIMUM);
        try {
            tools.watcher()
                    .await(
                            database(),
                            progress,
                            FleetGoal.acknowledged(restored.version()),
                            tools.timing().nanoTime(),
                            Optional.of(interval.multipliedBy(2).plus(RESTORE_MARGIN)),
                            interval,
                            observer)
                    .snapshot()
                    .pending()
                    .forEach(
                            member -> warn(member.name() + " has not read the normal interval yet; it will by itself"));
        } catch (RegistryException e) {
            warn("the fleet can't be watched any longer: " + e.getMessage());
        }
    }

    private RuntimeException afterFailure(RuntimeException failure) {
        if (failure instanceof OperationException stopped && stopped.reason() == Reason.INTERRUPTED) {
            return failure;
        }
        boolean overtaken = failure instanceof OperationException e
                && (e.reason() == Reason.CONFLICT || e.reason() == Reason.CUTOVER_UNDER_WAY);
        if (temporary.isEmpty() || (overtaken && !shortenedHere)) {
            return failure;
        }
        IntervalRestorer.Restored restored = restore(temporary.get());
        restored.written().ifPresent(this::saidRestored);
        return messages.withRestored(failure, restored, restoreCommand());
    }

    /** Reports the step before it begins: with a registry that hangs it takes a while. */
    private IntervalRestorer.Restored restore(Polling polling) {
        observer.step("restoring the poll interval; trying for up to " + Durations.text(IntervalRestorer.TRIES_FOR));
        return tools.restorer().restore(database(), polling, request.change().reason());
    }

    private String restoreCommand() {
        return temporary
                .map(polling -> tools.restorer().byHand(database(), polling))
                .orElse("");
    }

    private void saidRestored(VersionedSettings restored) {
        said("version " + restored.version() + ": poll interval "
                + Durations.text(restored.settings().polling().interval()) + " again");
    }

    private void checkStop() {
        if (tools.timing().stopped()) {
            throw messages.interrupted(changeWritten);
        }
    }

    private void said(String done) {
        messages.done(done);
        observer.step(done);
    }

    private void warn(String text) {
        warnings.add(text);
        observer.warning(text);
    }
}
