package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.core.internal.follow.Verdict;
import dev.connectionregistry.core.internal.follow.Verdict.Content;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Polling;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a watcher's control thread knows. Immutable.
 *
 * @param snapshot what to start from if the registry has nothing; null if there is nothing
 * @param reading the state of reading the registry
 * @param newest the newest settings read or started from; null before any
 * @param used the settings in use; null before the first
 * @param following the settings that the follower is busy with; null if it is idle
 * @param rejection the newest settings, if they couldn't be used; null if they could, or weren't tried
 */
record WatchState(
        SnapshotFile.@Nullable Content snapshot,
        Reading reading,
        @Nullable Content newest,
        @Nullable Content used,
        @Nullable Attempt following,
        @Nullable Rejection rejection) {

    /** {@code number} counts the attempts with this content, from 1. */
    record Attempt(Content content, int number, boolean overdue) {}

    /** {@code attempts} says how often these settings were tried. */
    record Rejection(Content content, String cause, int attempts) {}

    static WatchState starting(SnapshotFile.@Nullable Content snapshot) {
        return new WatchState(snapshot, Reading.FIRST, null, null, null, null);
    }

    WatchState with(Reading changed) {
        return new WatchState(snapshot, changed, newest, used, following, rejection);
    }

    /** With newer settings, or with the same settings now confirmed by the registry. */
    WatchState knowing(Content content) {
        Rejection standing = rejection == null || !asksForTheSame(rejection.content(), content)
                ? null
                : new Rejection(content, rejection.cause(), rejection.attempts());
        return new WatchState(snapshot, reading, content, used, following, standing);
    }

    WatchState following(@Nullable Attempt attempt) {
        return new WatchState(snapshot, reading, newest, used, attempt, rejection);
    }

    WatchState using(Content content) {
        return new WatchState(snapshot, reading, newest, content, null, null);
    }

    WatchState rejecting(Rejection changed) {
        return new WatchState(snapshot, reading, newest, used, null, changed);
    }

    /** Whether the follower has nothing to do: only the poll interval, the transition or the version differ. */
    static boolean asksForTheSame(Content one, Content other) {
        Polling polling = other.settings().polling();
        return one.settings().withPolling(polling).equals(other.settings());
    }

    /** What to compare the registry's answer with. */
    Verdict.Known known() {
        long version = newest != null ? newest.version() : snapshot != null ? snapshot.version() : 0;
        return new Verdict.Known(version, newest);
    }

    Duration interval() {
        return newest == null
                ? Polling.DEFAULT.interval()
                : newest.settings().polling().interval();
    }

    long acknowledged() {
        return newest == null ? 0 : newest.version();
    }

    InstanceState instanceState() {
        if (used == null) {
            return InstanceState.STARTING;
        }
        return rejection == null ? InstanceState.ACTIVE : InstanceState.REJECTED;
    }

    /** The version of settings that can't be used; empty if there is none. */
    Optional<Long> refusedVersion() {
        return rejection != null
                ? Optional.of(rejection.content().version())
                : Optional.ofNullable(reading.trouble()).flatMap(Trouble::refused);
    }

    /** What is wrong now; empty if nothing is. */
    Optional<String> problem() {
        if (rejection != null) {
            return Optional.of(name(rejection.content()) + " can't be used: " + rejection.cause());
        }
        if (following != null && following.overdue()) {
            return Optional.of("the follower has not finished with " + name(following.content()));
        }
        return Optional.ofNullable(reading.trouble()).map(Trouble::message);
    }

    /** {@code version 42}, or {@code the fallback}. */
    static String name(Content content) {
        return content.version() == 0
                ? "the fallback"
                : "version " + content.version() + (content.confirmed() ? "" : " from the snapshot");
    }

    /** The fallback, as settings to use. */
    static Content fallback(ConnectionSettings settings) {
        return new Content(0, settings, Optional.empty(), false);
    }

    /** The snapshot, as settings to use. */
    static Content of(SnapshotFile.Content snapshot) {
        return new Content(snapshot.version(), snapshot.settings(), Optional.empty(), false);
    }
}
