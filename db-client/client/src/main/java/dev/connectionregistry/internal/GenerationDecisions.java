package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Backoff;
import dev.connectionregistry.core.internal.follow.Reading.Trouble;
import dev.connectionregistry.internal.ClientState.Opening;
import dev.connectionregistry.internal.ClientState.Rejection;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.ClientState.StartOptions;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.status.SettingsSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Which pool to open, publish, keep or abandon. A generation is published only after it was opened and validated beside
 * the current one; a generation that can't be opened changes nothing except the status, and is tried again while its
 * version is the newest.
 */
final class GenerationDecisions {
    private GenerationDecisions() {}

    /** Newer settings were read: change as little as they require. */
    static Decision accept(ClientState state, SettingsToServe target) {
        Rejection standing = standing(state.rejection(), target);
        ClientState known = state.withNewest(target, standing);
        Opening opening = state.opening();
        Serving serving = state.serving();
        PoolChange change = serving == null
                ? PoolChange.NEW_POOL
                : PoolChange.between(serving.target().settings(), target.settings());
        if (serving != null && change != PoolChange.NEW_POOL) {
            return changeInPlace(known, serving, target, change);
        }
        if (opening != null && PoolChange.between(opening.openedWith(), target.settings()) != PoolChange.NEW_POOL) {
            return Decision.of(known.withOpening(
                    new Opening(opening.generation(), opening.openedWith(), target, opening.attempt())));
        }
        int attempt = standing == null ? 1 : standing.attempts() + 1;
        return giveUpOpening(known, target).then(clear -> open(clear, target, attempt));
    }

    /** A rejection remains while newer settings name the same server, which hasn't been shown to work yet. */
    private static @Nullable Rejection standing(@Nullable Rejection rejection, SettingsToServe newer) {
        return rejection == null
                        || PoolChange.between(rejection.target().settings(), newer.settings()) == PoolChange.NEW_POOL
                ? null
                : new Rejection(newer, rejection.cause(), rejection.attempts());
    }

    private static Decision changeInPlace(
            ClientState state, Serving serving, SettingsToServe target, PoolChange change) {
        ClientState changed = state.withServing(new Serving(serving.generation(), target));
        List<Effect> effects = new ArrayList<>(giveUpOpening(state, target).effects());
        if (change == PoolChange.IN_PLACE) {
            effects.add(
                    new Effect.Resize(serving.generation(), target.settings().pool()));
        }
        effects.add(new Effect.SaveSnapshot(target));
        effects.add(log(
                Level.INFO,
                target.name() + " acknowledged: "
                        + (change == PoolChange.IN_PLACE
                                ? "sizes or timeouts changed in place"
                                : "the pool stays as it is")
                        + ", poll interval " + target.settings().polling()));
        return new Decision(changed, List.copyOf(effects));
    }

    static Decision giveUpOpening(ClientState state, SettingsToServe newer) {
        Opening opening = state.opening();
        return opening == null
                ? Decision.of(state)
                : Decision.of(
                        state.withOpening(null),
                        new Effect.Abandon(opening.generation(), newer.name() + " arrived before it was open"));
    }

    static Decision open(ClientState state, SettingsToServe target, int attempt) {
        Opening opening = new Opening(state.nextGeneration(), target.settings(), target, attempt);
        return Decision.of(
                state.withOpening(opening),
                new Effect.Open(opening.generation(), target.version(), target.settings(), accepts(state, target)));
    }

    /** What counts as a primary: the source of an overdue hold needn't accept writes, every other server must. */
    private static AcceptedPrimary accepts(ClientState state, SettingsToServe target) {
        GateHold hold = state.hold();
        return hold != null && hold.overdue() && target.transition().isPresent()
                ? AcceptedPrimary.FENCED_TOO
                : AcceptedPrimary.WRITABLE;
    }

    /** The registry confirms what a snapshot contained. */
    static Decision confirmed(ClientState state, SettingsToServe target) {
        Serving serving = state.serving();
        Opening opening = state.opening();
        Opening confirmed = opening == null
                ? null
                : new Opening(opening.generation(), opening.openedWith(), target, opening.attempt());
        ClientState served = serving != null && serving.target().version() == target.version()
                ? state.withServing(new Serving(serving.generation(), target))
                : state;
        ClientState known = served.withNewest(target, state.rejection()).withOpening(confirmed);
        return Decision.of(known, log(Level.INFO, "the registry confirms " + target.name()));
    }

    /**
     * The registry gave no usable settings in time: uses the snapshot, otherwise the fallback, otherwise fails with an
     * error that names all three.
     */
    static Decision startWithoutRegistry(ClientState state) {
        StartOptions options = state.start();
        if (options == null || state.opening() != null || state.hold() != null) {
            return Decision.of(state);
        }
        SettingsToServe target = options.snapshot();
        ConnectionSettings fallback = options.fallback();
        if (target == null && fallback != null) {
            target = new SettingsToServe(0, fallback, SettingsSource.FALLBACK);
        }
        Trouble trouble = state.reading().trouble();
        String registry = trouble == null ? "the registry did not answer in time" : trouble.message();
        if (target == null) {
            return Decision.of(
                    state,
                    new Effect.FailStart("no settings to start from: " + registry + "; snapshot: "
                            + options.snapshotProblem() + "; fallback: none given"));
        }
        SettingsToServe chosen = target;
        String snapshot = options.snapshot() == null ? " (snapshot: " + options.snapshotProblem() + ")" : "";
        return open(state.withNewest(chosen, null), chosen, 1)
                .and(log(Level.WARN, "starting from " + chosen.name() + snapshot + ": " + registry));
    }

    static Decision opened(ClientState state, long generation) {
        Opening opening = state.opening();
        if (opening == null || opening.generation() != generation) {
            return Decision.of(state, new Effect.Abandon(generation, "newer settings arrived before it was open"));
        }
        SettingsToServe target = opening.target();
        Serving replaced = state.serving();
        List<Effect> effects = new ArrayList<>();
        if (!opening.openedWith().pool().equals(target.settings().pool())) {
            effects.add(new Effect.Resize(generation, target.settings().pool()));
        }
        effects.add(new Effect.Publish(generation));
        if (replaced == null) {
            effects.add(new Effect.Started());
        } else {
            effects.add(new Effect.Retire(
                    replaced.generation(), target.settings().pool().drainGrace()));
        }
        if (target.source() == SettingsSource.REGISTRY) {
            effects.add(new Effect.SaveSnapshot(target));
        }
        ClientState serving = state.withServing(new Serving(generation, target));
        boolean ended = state.holds() || target.transition().isEmpty(); // publishing the pool opens the gate
        return new Decision(ended ? serving.withHold(null) : serving, List.copyOf(effects));
    }

    static Decision refused(ClientState state, long generation, String cause) {
        Opening opening = state.opening();
        if (opening == null || opening.generation() != generation) {
            return Decision.of(state);
        }
        SettingsToServe target = opening.target();
        Serving serving = state.serving();
        if (serving != null && serving.target().equals(target)) { // the new pool was only for a changed password
            String stays = "no new pool for the changed password: " + cause + " (keeping the current pool)";
            return Decision.of(state.withOpening(null), log(Level.WARN, stays));
        }
        if (serving == null) {
            return Decision.of(
                    state.withOpening(null),
                    new Effect.FailStart(target.name() + " of the settings can't be used: " + cause));
        }
        Rejection known = state.rejection();
        Rejection rejection = new Rejection(target, cause, opening.attempt());
        boolean news = known == null || !known.cause().equals(cause);
        String message = target.name() + " can't be used: " + cause + " (staying on "
                + serving.target().name() + ", trying again)";
        return Decision.of(
                state.withRejection(rejection),
                new Effect.RetryAfter(target.version(), Backoff.open(rejection.attempts())),
                log(news ? Level.WARN : Level.DEBUG, message));
    }

    /**
     * The current pool has connections from before a change of the password: replaces the pool. It doesn't do so while
     * something else must be opened, or during a cutover: new connections of the pool use the new password anyway, and
     * the next one repeats this event.
     */
    static Decision passwordChanged(ClientState state, long generation) {
        Serving serving = state.serving();
        boolean busy = state.opening() != null
                || state.rejection() != null
                || state.hold() != null
                || state.standby() != null
                || state.transition().isPresent();
        if (serving == null || serving.generation() != generation || busy) {
            return Decision.of(state);
        }
        return open(state, serving.target(), 1)
                .and(log(
                        Level.INFO,
                        "the password " + serving.target().settings().password() + " was changed: replacing the pool; "
                                + serving.target().name() + " stays"));
    }

    /** If a cutover's fence may be up, there is nothing to check. */
    static Decision writeRefused(ClientState state, long generation) {
        Serving serving = state.serving();
        return serving == null || serving.generation() != generation || state.holds()
                ? Decision.of(state)
                : Decision.of(state, new Effect.CheckRole(generation));
    }

    /** The status has the number of connections; an outcome in doubt is a problem of its own. */
    static Decision cut(ClientState state, Event.ConnectionsCut event) {
        return event.unproven() == 0
                ? Decision.of(state)
                : Decision.of(
                        state,
                        new Effect.Remember("generation " + event.generation() + " was ended at the end of its grace:"
                                + " the outcome of " + event.unproven() + " of " + event.cut()
                                + " connection(s) is in doubt, see the log"));
    }

    static Decision retry(ClientState state, long version) {
        Rejection rejection = state.rejection();
        if (rejection == null
                || rejection.target().version() != version
                || state.opening() != null
                || state.transition().isPresent()) { // tried again at the end of the transition
            return Decision.of(state);
        }
        return open(state, rejection.target(), rejection.attempts() + 1);
    }

    private static Effect log(Level level, String message) {
        return new Effect.Log(level, message);
    }
}
