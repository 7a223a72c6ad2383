package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One move from beginning to end; used once, by one thread. */
final class MoveRun {
    private static final Duration RESTORE_MARGIN = Duration.ofSeconds(2);

    private final ChangeSettings changes;
    private final FleetWatcher watcher;
    private final IntervalRestorer restorer;
    private final Timing timing;
    private final MoveRequest request;
    private final MoveObserver observer;
    private final MoveMessages messages;
    private final FleetProgress progress;
    private final List<String> warnings = new ArrayList<>();
    /** The temporary interval that is in force because of this move, or that it took up; empty otherwise. */
    private Optional<Polling> temporary = Optional.empty();

    private boolean shortenedHere;
    private boolean changeWritten;

    MoveRun(
            ChangeSettings changes,
            FleetWatcher watcher,
            IntervalRestorer restorer,
            Timing timing,
            CommandText commands,
            MoveRequest request,
            MoveObserver observer) {
        this.changes = changes;
        this.watcher = watcher;
        this.restorer = restorer;
        this.timing = timing;
        this.request = request;
        this.observer = observer;
        this.messages = new MoveMessages(request.change().database(), commands);
        this.progress = new FleetProgress(FleetGoal.acknowledged(0), timing.nanoTime());
    }

    private DatabaseName database() {
        return request.change().database();
    }

    MoveResult run(VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        messages.begin(base);
        changes.requireMayGo(request.change(), base, edit.apply(base.settings())); // before the interval is touched
        try {
            boolean watched = request.watch() ? somebodyIsThere(base) : looksAside();
            VersionedSettings ready = watched && !isSoAlready(base, edit) ? quicken(base) : base;
            checkStop();
            long since = timing.nanoTime();
            ChangeResult change = change(ready, edit);
            Optional<FleetSnapshot> fleet =
                    request.watch() ? Optional.of(follow(base, change.after(), since)) : Optional.empty();
            return finish(base, change, fleet);
        } catch (RuntimeException e) { // whatever it is, the interval must not stay short
            throw afterFailure(e);
        }
    }

    /** Nothing will be written then, unless a temporary interval was left that is to be put back. */
    private static boolean isSoAlready(VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        ConnectionSettings now = base.settings();
        return !base.removed()
                && !now.polling().isTemporary()
                && SettingsDiff.between(now, edit.apply(now)).isEmpty();
    }

    private boolean somebodyIsThere(VersionedSettings base) {
        FleetSnapshot first = watcher.look(database(), progress);
        FleetEvents.ahead(first).ifPresent(text -> {
            throw messages.ahead(text);
        });
        messages.served(base, first);
        if (first.live().isEmpty()) {
            warn("nobody uses '" + database() + "' now: no live instance has a report; nobody is waited for");
        }
        return !first.live().isEmpty();
    }

    /** Without a wait the fleet is nobody's business, except that a write which nobody will follow is worth a warning. */
    private boolean looksAside() {
        try {
            FleetEvents.ahead(watcher.look(database(), progress))
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
        FleetWatcher.Outcome taken =
                await(FleetGoal.acknowledged(quick.version()), timing.nanoTime(), polling.interval());
        if (taken.ending() == FleetWatcher.Ending.TIMED_OUT) {
            throw messages.neverQuick(taken, quick);
        }
        return quick;
    }

    private VersionedSettings shorten(VersionedSettings base, Polling polling) {
        try {
            return write(base, base.settings().withPolling(polling)).after();
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.OUTCOME_UNKNOWN) {
                temporary = Optional.of(polling); // to be put back if it took effect
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
        return changes.edit(request.change(), base, content);
    }

    private FleetSnapshot follow(VersionedSettings base, VersionedSettings target, long since) {
        Duration interval = temporary
                .map(Polling::interval)
                .orElse(base.settings().polling().interval());
        FleetWatcher.Outcome outcome = await(new FleetGoal(request.goal(), target.version()), since, interval);
        if (outcome.ending() == FleetWatcher.Ending.TIMED_OUT) {
            throw messages.notEveryone(outcome);
        }
        return outcome.snapshot();
    }

    private FleetWatcher.Outcome await(FleetGoal goal, long since, Duration interval) {
        observer.step("waiting for the fleet to " + goal);
        FleetWatcher.Outcome outcome =
                watcher.await(database(), progress, goal, since, request.timeout(), interval, observer);
        if (outcome.ending() == FleetWatcher.Ending.STOPPED) {
            throw messages.interrupted(changeWritten);
        }
        if (outcome.ending() == FleetWatcher.Ending.REACHED) {
            observer.step(outcome.snapshot().arrived().size() + " live instances " + goal + ", after "
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
                .ifPresent(current -> warn("somebody else wrote version " + current.version() + " meanwhile (by "
                        + current.change().by() + "): endpoint "
                        + current.settings().endpoint()));
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
     * Sees the fleet off at its normal interval, so that a look right afterwards finds everyone on the last version. All is
     * written by then: whoever is late reads it by itself and is only named.
     */
    private void awaitRestored(VersionedSettings restored) {
        Duration interval = request.pollInterval().orElse(Polling.MINIMUM);
        try {
            watcher.await(
                            database(),
                            progress,
                            FleetGoal.acknowledged(restored.version()),
                            timing.nanoTime(),
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

    /** Says so first: with a registry that hangs it takes a while. */
    private IntervalRestorer.Restored restore(Polling polling) {
        observer.step("putting the poll interval back; trying for up to " + Durations.text(IntervalRestorer.TRIES_FOR));
        return restorer.restore(database(), polling, request.change().reason());
    }

    private String restoreCommand() {
        return temporary.map(polling -> restorer.byHand(database(), polling)).orElse("");
    }

    private void saidRestored(VersionedSettings restored) {
        said("version " + restored.version() + ": poll interval "
                + Durations.text(restored.settings().polling().interval()) + " again");
    }

    private void checkStop() {
        if (timing.stopped()) {
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
