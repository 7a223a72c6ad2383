package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;

/**
 * Runs through the decisions of a hold, from its announcement to both of its possible ends, before callers wait for
 * them. A process makes these decisions for the first time in a hold, and the JVM needs tens of milliseconds to
 * load and link that code. The practice works with its own secrets on a copy of the state, and none of its decisions
 * are executed.
 */
final class HoldPractice {
    private static final Logger LOG = CleanLogger.of(HoldPractice.class);
    private static final String PRACTICE = "practice";

    private final DatabaseName database;
    private final ClientState ready;
    private final long now;

    HoldPractice(DatabaseName database, ClientState ready, long now) {
        this.database = database;
        this.ready = ready;
        this.now = now;
    }

    /**
     * Runs the practice; for any thread. Never throws.
     *
     * @param ready the state of an instance that is ready for the hold
     * @param now the monotonic clock, in nanoseconds
     */
    static void run(DatabaseName database, ClientState ready, long now) {
        try {
            new HoldPractice(database, ready, now).practise();
            closeGate();
        } catch (RuntimeException | Error e) { // the hold itself doesn't depend on this
            LOG.debug("{}: a hold could not be practised", database, e);
        }
    }

    /**
     * The result of the practice.
     *
     * @param held in the hold, with nothing in use
     * @param switched after the switch
     * @param undone after the undo instead
     */
    record Practised(ClientState held, ClientState switched, ClientState undone) {}

    /** Runs through the decisions; empty if {@code ready} is not the state of an instance that is ready for a hold. */
    Optional<Practised> practise() {
        Transition transition = ready.transition().orElse(null);
        SettingsToServe newest = ready.newest();
        Serving serving = ready.serving();
        if (transition == null || newest == null || serving == null) {
            return Optional.empty();
        }
        long hold = newest.version() + 1;
        CommittedSecret secret = CommittedSecret.random();
        List<Commitment> commitments = List.of(
                secret.commitTo(database, transition.id(), Kind.HOLD, hold),
                secret.commitTo(database, transition.id(), Kind.SWITCH, hold + 1),
                secret.commitTo(database, transition.id(), Kind.UNDO, hold + 1));
        ClientState committed = ready.withNewest(newest.in(transition.committedTo(commitments)), ready.rejection());
        ClientState held = new Event.Drained(serving.generation())
                .decide(announced(committed, Kind.HOLD, hold, secret), now)
                .state();
        reveal(transition.id(), hold);
        return Optional.of(new Practised(
                held, announced(held, Kind.SWITCH, hold + 1, secret), announced(held, Kind.UNDO, hold + 1, secret)));
    }

    private ClientState announced(ClientState state, Kind kind, long version, CommittedSecret secret) {
        String text = new Announcement(kind, version, secret).text();
        return Announcement.parse(text)
                .map(announcement -> new Event.Announced(database, announcement)
                        .decide(state, now)
                        .state())
                .orElse(state);
    }

    /** Makes the proof that the instance is HELD; nobody sees it. */
    private void reveal(String run, long version) {
        HeldProof proof = new HeldProof(database, PRACTICE, PRACTICE);
        proof.follow(run, OptionalLong.of(version));
        proof.written(proof.commitment());
        proof.revealedBy(run, version);
    }

    /** Closes a gate that no caller uses. */
    private static void closeGate() {
        Borrower borrower = new Borrower(PRACTICE, () -> PRACTICE);
        borrower.hold(PRACTICE);
        borrower.close();
    }
}
