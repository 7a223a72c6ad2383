package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.internal.ClientState.Opening;
import dev.connectionregistry.internal.ClientState.Rejection;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The client's real decisions, one event after another, for tests outside their package. Immutable; equal if everything that
 * can ever matter to a decision about pools is equal: what only counts tries, measures time or words a log line is levelled.
 */
public final class DecidedClient {
    private static final long NOW = Duration.ofHours(1).toNanos();

    private final ClientState state;

    private DecidedClient(ClientState state) {
        this.state = state;
    }

    /** What is to be done, as far as it is about pools, the gate, time limits and reading. */
    public record Wish(
            Kind kind,
            long generation,
            long version,
            @Nullable ConnectionSettings settings) {}

    /** The sorts of {@link Wish}. */
    public enum Kind {
        /** Read the registry. */
        READ,
        /** Read it later. */
        POLL,
        /** Begin to open a pool. */
        OPEN,
        /** Give a pool up that never served. */
        ABANDON,
        /** Serve from a pool; opens the gate. */
        PUBLISH,
        /** Drain a pool that was replaced. */
        RETIRE,
        /** Close the gate. */
        HOLD,
        /** Bound the time that the gate stays closed. */
        HOLD_UNTIL,
        /** Open the gate onto the pool that was held. */
        RELEASE,
        /** Prove at once, beside the reports, that it is HELD in the hold of this version. */
        REVEAL_HELD,
        /** Try a refused pool again later. */
        RETRY,
        /** Tell the listeners. */
        TELL,
        /** Keep settings for a start without a registry. */
        SAVE,
        /** Give up starting. */
        FAIL_START
    }

    /** The client after an event, and what is to be done. */
    public record Decided(DecidedClient client, List<Wish> wishes) {}

    /** One that begins to start; {@code snapshot} and its version are what it kept from its last life, if anything. */
    public static DecidedClient starting(long version, @Nullable ConnectionSettings snapshot) {
        SettingsToServe kept =
                snapshot == null ? null : new SettingsToServe(version, snapshot, SettingsSource.SNAPSHOT);
        return new DecidedClient(ClientState.starting(new ClientState.StartOptions(kept, "none", null)));
    }

    /** A whole read, from its start to this answer. */
    public Decided read(ReadResult answer) {
        DecidedClient begun = decide(new Event.PollDue()).client();
        return begun.decide(new Event.ReadReturned(begun.state.reading().number(), answer));
    }

    /** The bound for the first read has passed. */
    public Decided startOverdue() {
        return decide(new Event.StartOverdue());
    }

    /** A pool is open. */
    public Decided opened(long generation) {
        return decide(new Event.GenerationOpened(generation));
    }

    /** A pool can't be opened. */
    public Decided refused(long generation) {
        return decide(new Event.GenerationRefused(generation, "refused"));
    }

    /** It is time for another try. */
    public Decided retryDue(long version) {
        return decide(new Event.RetryDue(version));
    }

    /** Nothing is in use on a held pool. */
    public Decided drained(long generation) {
        return decide(new Event.Drained(generation));
    }

    /** The gate that this version closed has been closed for as long as it may be. */
    public Decided holdOverdue(long version) {
        return decide(new Event.HoldOverdue(version));
    }

    /** Every listener knows of this cutover. */
    public Decided listenersTold(String run) {
        return decide(new Event.ListenersTold(run));
    }

    /** A hint, perhaps forged. */
    public Decided signalled() {
        return decide(new Event.Signalled());
    }

    /** A notification says that a version was written; it proves it, or it doesn't. */
    public Decided announced(DatabaseName database, Announcement announcement) {
        return decide(new Event.Announced(database, announcement));
    }

    /** An announcement arrives while a read is under way, which then comes to this answer. */
    public Decided announcedWhileReading(DatabaseName database, Announcement announcement, ReadResult answer) {
        DecidedClient begun = decide(new Event.PollDue()).client();
        Decided announced = begun.announced(database, announcement);
        Decided returned = announced
                .client()
                .decide(new Event.ReadReturned(begun.state.reading().number(), answer));
        List<Wish> wishes = new ArrayList<>(announced.wishes());
        wishes.addAll(returned.wishes());
        return new Decided(returned.client(), List.copyOf(wishes));
    }

    private Decided decide(Event event) {
        Decision decision = event.decide(state, NOW);
        List<Wish> wishes = new ArrayList<>();
        decision.effects().forEach(effect -> add(effect, wishes));
        return new Decided(new DecidedClient(decision.state()), List.copyOf(wishes));
    }

    private static void add(Effect effect, List<Wish> wishes) {
        if (effect instanceof Effect.Read) {
            wishes.add(new Wish(Kind.READ, 0, 0, null));
        } else if (effect instanceof Effect.PollAfter) {
            wishes.add(new Wish(Kind.POLL, 0, 0, null));
        } else if (effect instanceof Effect.Open open) {
            wishes.add(new Wish(Kind.OPEN, open.generation(), open.version(), open.settings()));
        } else if (effect instanceof Effect.Abandon abandon) {
            wishes.add(new Wish(Kind.ABANDON, abandon.generation(), 0, null));
        } else if (effect instanceof Effect.Publish publish) {
            wishes.add(new Wish(Kind.PUBLISH, publish.generation(), 0, null));
        } else if (effect instanceof Effect.Retire retire) {
            wishes.add(new Wish(Kind.RETIRE, retire.generation(), 0, null));
        } else if (effect instanceof Effect.Hold hold) {
            wishes.add(new Wish(Kind.HOLD, hold.generation(), 0, null));
        } else if (effect instanceof Effect.HoldUntil bound) {
            wishes.add(new Wish(Kind.HOLD_UNTIL, 0, bound.version(), null));
        } else if (effect instanceof Effect.Release release) {
            wishes.add(new Wish(Kind.RELEASE, release.generation(), 0, null));
        } else if (effect instanceof Effect.RetryAfter retry) {
            wishes.add(new Wish(Kind.RETRY, 0, retry.version(), null));
        } else if (effect instanceof Effect.RevealHeld held) {
            wishes.add(new Wish(Kind.REVEAL_HELD, 0, held.version(), null));
        } else if (effect instanceof Effect.TellListeners) {
            wishes.add(new Wish(Kind.TELL, 0, 0, null));
        } else if (effect instanceof Effect.SaveSnapshot save) {
            SettingsToServe kept = save.target();
            wishes.add(new Wish(Kind.SAVE, 0, kept.version(), kept.settings()));
        } else if (effect instanceof Effect.FailStart) {
            wishes.add(new Wish(Kind.FAIL_START, 0, 0, null));
        } // the rest is for people, or changes no pool's place: logs, sizes, hints, the status
    }

    /** What it reports. */
    public InstanceState reports() {
        return state.instanceState();
    }

    /** The newest version it knows. */
    public long acknowledged() {
        return state.acknowledged();
    }

    /** The version of the HOLD for which its report carries what HELD can be proven by; empty if it carries nothing. */
    public OptionalLong commitsTo() {
        return state.heldVersion();
    }

    /** The version that its pool serves; 0 for none. */
    public long served() {
        return state.serving() == null ? 0 : state.serving().target().version();
    }

    /** The commitments in the newest settings that were read. */
    public List<Commitment> commitments() {
        return state.transition().map(Transition::commitments).orElse(List.of());
    }

    /** The cutover for which it has a pool beside that which serves, or opens one; empty if there is none. */
    public String run() {
        return state.standby() == null ? "" : state.standby().run();
    }

    /** Whether the newest settings are in a cutover. */
    public boolean inTransition() {
        return state.transition().isPresent();
    }

    /** Whether the gate was closed for too long, and newer settings haven't ended the hold yet. */
    public boolean overdue() {
        return state.hold() != null && state.hold().overdue();
    }

    /** Whether something is wrong with what the registry answers. */
    public boolean troubled() {
        return state.reading().trouble() != null;
    }

    /** Whether callers have a pool at all. */
    public boolean serves() {
        return state.serving() != null;
    }

    /** Whether it believes that the gate is closed. */
    public boolean holds() {
        return state.holds();
    }

    /** The numbers of the pools that it knows of, in order. */
    public SortedSet<Long> generations() {
        SortedSet<Long> all = new TreeSet<>();
        if (state.serving() != null) {
            all.add(state.serving().generation());
        }
        if (state.opening() != null) {
            all.add(state.opening().generation());
        }
        if (state.standby() != null) {
            all.add(state.standby().generation());
        }
        return all;
    }

    /** The same with pools renumbered, and without what counts tries, measures time or is for people only. */
    public DecidedClient levelled(Map<Long, Long> numbers) {
        Serving serving = state.serving();
        Opening opening = state.opening();
        Rejection rejection = state.rejection();
        Standby standby = state.standby();
        return new DecidedClient(new ClientState(
                state.start(),
                serving == null ? null : new Serving(number(numbers, serving.generation()), serving.target()),
                opening == null
                        ? null
                        : new Opening(number(numbers, opening.generation()), opening.openedWith(), opening.target(), 1),
                rejection == null ? null : new Rejection(rejection.target(), "refused", 1),
                state.newest(),
                standby == null ? null : levelled(standby, number(numbers, standby.generation())),
                state.hold(),
                Reading.FIRST,
                Signals.NONE,
                numbers.size() + 1L));
    }

    private static Standby levelled(Standby standby, long generation) {
        return new Standby(
                standby.run(),
                standby.settings(),
                generation,
                standby.stage(),
                standby.cause().map(cause -> "refused"),
                1,
                standby.listenersTold());
    }

    private static long number(Map<Long, Long> numbers, long generation) {
        Long number = numbers.get(generation);
        if (number == null) {
            throw new IllegalStateException("no number for generation " + generation);
        }
        return number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecidedClient that && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return state.hashCode();
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
